// One task under observation: starts it, watches it, keeps its output, ends it, says how it was.
#pragma once

#include <string>

#include "base/error.h"
#include "base/unique_fd.h"

namespace am::observer {

// Works in the task's folder (the current one) until the task is over and exit.json is written. `control` is
// a connected socket on which a RunCommand comes first; at its end without one, nothing is started. At most
// one observer ever starts the task of a folder: the file `started` is created exclusively before the process
// is. `container`: a pidfd of the task container's first process, where the command says a user to run as.
// `launcher`: the socket of one that forks the interpreter, where a PrepareSlot says so.
Result<void> observe(UniqueFd control, UniqueFd container, UniqueFd launcher);

}  // namespace am::observer
