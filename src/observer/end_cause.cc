#include "observer/end_cause.h"

#include <csignal>
#include <utility>

namespace am::observer {

bool EndCause::set(Kind kind, double seconds, std::string by) {
  if (kind_) return false;
  kind_ = kind;
  seconds_ = seconds;
  by_ = std::move(by);
  return true;
}

TaskOutcome EndCause::outcome(const process::ExitStatus& status, const TaskLimits& limits,
                              std::uint32_t process_limit, double memory_peak_mb) const {
  TaskOutcome outcome;
  outcome.exit_code = status.exit_code;
  outcome.signal = status.signal;
  if (!kind_) {
    if (status.signal) {
      outcome.kind = OutcomeKind::signaled;
      outcome.message = fmt::format("ended by signal {} ({})", *status.signal, signal_name(*status.signal));
    } else {
      outcome.kind = OutcomeKind::exited;
    }
    return outcome;
  }
  switch (*kind_) {
    case Kind::time_limit:
      outcome.kind = OutcomeKind::timed_out;
      outcome.message =
          fmt::format("stopped after {:.1f} s: time limit {:g} s", seconds_, limits.timeout_sec);
      break;
    case Kind::memory_limit:
      outcome.kind = OutcomeKind::memory_limit;
      outcome.message = fmt::format("memory limit {} MB, peak {:.1f} MB", limits.memory_mb, memory_peak_mb);
      break;
    case Kind::process_limit:
      outcome.kind = OutcomeKind::signaled;
      outcome.exit_code.reset();
      outcome.signal = SIGKILL;
      outcome.message =
          fmt::format("killed after {:.1f} s: more than {} processes at once", seconds_, process_limit);
      break;
    case Kind::stopped:
      outcome.kind = OutcomeKind::stopped;
      outcome.message = fmt::format("stopped after {:.1f} s by {}", seconds_, by_);
      break;
  }
  return outcome;
}

}  // namespace am::observer
