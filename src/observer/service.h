// One observer's life: a task, then another one, for as long as its hypervisor lives.
#pragma once

#include "base/error.h"
#include "base/unique_fd.h"

namespace am::observer {

// Takes jobs from the hypervisor's socket (ipc/observer_jobs.h) and works in the folder of each. A program
// that is there already, with its memory, costs a task a tenth of the time that a fresh one does. Returns
// when the hypervisor is gone; an error after a job that may have left something behind.
Result<void> serve(UniqueFd jobs);

}  // namespace am::observer
