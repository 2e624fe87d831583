// Bounds of the family that a task may start.
#pragma once

#include <cstddef>

namespace am::manager {

struct ChildLimits {
  std::size_t depth = 16;    // generations below a task that nobody's task started
  std::size_t count = 1000;  // open children of one task
};

}  // namespace am::manager
