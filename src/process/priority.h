// When a process gets the processor.
#pragma once

#include <sys/types.h>

namespace am::process {

// Only while nobody else wants it (SCHED_IDLE); best effort.
void run_when_idle(pid_t process);
// As every ordinary process; false when that is not to be had.
bool run_as_others(pid_t process);

// This thread gets the processor soon after it is woken, instead of after the slice of whoever has it: it has
// little to do each time, and somebody waits for it. Its children do not inherit that. Without effect before
// Linux 6.12.
void answer_promptly();

}  // namespace am::process
