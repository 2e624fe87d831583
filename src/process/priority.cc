#include "process/priority.h"

#include <sched.h>

namespace am::process {
namespace {

bool schedule(pid_t process, int policy) {
  const sched_param plain{};
  return ::sched_setscheduler(process, policy, &plain) == 0;
}

}  // namespace

void run_when_idle(pid_t process) { static_cast<void>(schedule(process, SCHED_IDLE)); }

bool run_as_others(pid_t process) { return schedule(process, SCHED_OTHER); }

}  // namespace am::process
