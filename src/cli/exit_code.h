// What `am run` exits with.
#pragma once

#include "base/task.h"

namespace am::cli {

inline constexpr int kExitOk = 0;
inline constexpr int kExitError = 1;       // the server or the connection to it failed; the message says how
inline constexpr int kExitUsage = 2;       // a wrong command line
inline constexpr int kExitTimedOut = 124;  // as timeout(1) does
inline constexpr int kExitNotStarted = 125;   // refused, or failed to start
inline constexpr int kExitKilled = 137;       // 128 + SIGKILL, also for the memory limit
inline constexpr int kExitInterrupted = 130;  // left by a second Ctrl-C
inline constexpr int kExitPipe = 141;         // 128 + SIGPIPE: nobody reads stdout any more
inline constexpr int kExitStopped = 143;      // 128 + SIGTERM

// The shell's view of how a task ended.
int exit_code(const TaskOutcome& outcome);

}  // namespace am::cli
