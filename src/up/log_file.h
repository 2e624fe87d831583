// The daemons' log files: appended to, kept within bounds, quoted when a start fails.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"
#include "base/unique_fd.h"

namespace am::up {

inline constexpr std::uint64_t kLogLimit = 16ULL << 20;  // a larger one is moved to FILE.1 at the next start

struct OpenLog {
  UniqueFd fd;             // for appending
  std::uint64_t size = 0;  // what it holds already
};
Result<OpenLog> open_log(const std::string& file);

// The last lines behind `from`, at most 20 and 8 KiB, as ":\n  line\n  line"; empty when there are none.
std::string tail_of_log(const std::string& file, std::uint64_t from);

}  // namespace am::up
