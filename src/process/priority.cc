#include "process/priority.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "base/files.h"
#include "base/unique_fd.h"

namespace am::process {
namespace {

constexpr std::uint64_t kShortSliceNs = 100'000;  // the least that the kernel takes

// struct sched_attr of <linux/sched/types.h>, which cannot be included beside <sched.h>.
struct SchedulingAttributes {
  std::uint32_t size;
  std::uint32_t policy;
  std::uint64_t flags;
  std::int32_t nice;
  std::uint32_t priority;
  std::uint64_t runtime;  // ns
  std::uint64_t deadline;
  std::uint64_t period;
};

bool schedule(pid_t process, int policy) {
  const sched_param plain{};
  return ::sched_setscheduler(process, policy, &plain) == 0;
}

// A session of its own has its own share of the processor (sched(7), autogroup), which the policies of its
// processes do not touch. Missing where the kernel does not group so.
void weigh_session(pid_t process, std::string_view nice) {
  const UniqueFd autogroup(
      ::open(("/proc/" + std::to_string(process) + "/autogroup").c_str(), O_WRONLY | O_CLOEXEC));
  if (autogroup) static_cast<void>(write_all(autogroup.get(), nice));
}

}  // namespace

void run_when_idle(pid_t process) {
  static_cast<void>(schedule(process, SCHED_IDLE));
  weigh_session(process, "19");
}

bool run_as_others(pid_t process) {
  weigh_session(process, "0");
  return schedule(process, SCHED_OTHER);
}

void answer_promptly() {
  SchedulingAttributes attributes{};
  attributes.size = sizeof attributes;
  attributes.policy = SCHED_OTHER;
  attributes.flags = SCHED_FLAG_RESET_ON_FORK;
  attributes.nice = ::getpriority(PRIO_PROCESS, 0);
  attributes.runtime = kShortSliceNs;
  static_cast<void>(::syscall(SYS_sched_setattr, 0, &attributes, 0));
}

}  // namespace am::process
