// What /metrics says about tasks and hypervisors.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/task.h"

namespace am::manager {

struct TaskMetrics {
  static constexpr std::array kOutcomes = {
      OutcomeKind::exited,  OutcomeKind::signaled,        OutcomeKind::timed_out, OutcomeKind::memory_limit,
      OutcomeKind::stopped, OutcomeKind::failed_to_start, OutcomeKind::lost};

  std::uint64_t accepted = 0;                            // since the manager started
  std::array<std::uint64_t, kOutcomes.size()> closed{};  // the same, in the order of kOutcomes
  std::size_t queued = 0;                                // now
  std::size_t starting = 0;
  std::size_t running = 0;
  std::size_t hypervisors = 0;
};

}  // namespace am::manager
