// When a process gets the processor.
#pragma once

#include <sys/types.h>

namespace am::process {

// Only while nobody else wants it (SCHED_IDLE); best effort.
void run_when_idle(pid_t process);
// As every ordinary process; false when that is not to be had.
bool run_as_others(pid_t process);

}  // namespace am::process
