#include "process/cgroup_members.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "base/files.h"
#include "base/unique_fd.h"

namespace am::process {

std::vector<pid_t> processes_in(const std::string& group) {
  std::vector<pid_t> processes;
  const std::string text = read_file(group + "/cgroup.procs").value_or("");
  const char* at = text.data();
  const char* const end = at + text.size();
  for (pid_t pid = 0; at < end; ++at) {
    const auto parsed = std::from_chars(at, end, pid);
    if (parsed.ec != std::errc{}) break;
    processes.push_back(pid);
    at = parsed.ptr;
  }
  return processes;
}

void signal_member(const std::string& group, pid_t pid, int number) {
  const UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  const auto members = processes_in(group);
  if (!pidfd || std::ranges::find(members, pid) == members.end()) return;
  ::syscall(SYS_pidfd_send_signal, pidfd.get(), number, nullptr, 0);
}

}  // namespace am::process
