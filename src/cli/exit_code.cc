#include "cli/exit_code.h"

namespace am::cli {

int exit_code(const TaskOutcome& outcome) {
  switch (outcome.kind) {
    case OutcomeKind::exited:
      return outcome.exit_code.value_or(kExitError) & 0xff;
    case OutcomeKind::signaled:
      return 128 + (outcome.signal.value_or(0) & 0x7f);
    case OutcomeKind::timed_out:
      return kExitTimedOut;
    case OutcomeKind::memory_limit:
      return kExitKilled;
    case OutcomeKind::stopped:
      return kExitStopped;
    case OutcomeKind::failed_to_start:
      return kExitNotStarted;
    case OutcomeKind::lost:
      return kExitError;
  }
  return kExitError;
}

}  // namespace am::cli
