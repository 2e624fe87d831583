#include "process/user_namespace.h"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "base/files.h"
#include "process/after_clone.h"
#include "process/child.h"

namespace am::process {
namespace {

// Holds the namespace until its maps are written and its descriptor is open.
AM_BETWEEN_CLONE_AND_EXEC int wait_for_the_end(void*) {
  for (;;) ::pause();
}

Result<void> write_map(pid_t process, const char* name, const std::string& map) {
  const std::string file = fmt::format("/proc/{}/{}", process, name);
  const UniqueFd fd(::open(file.c_str(), O_WRONLY | O_CLOEXEC));
  if (!fd) return fail_errno(errno, "cannot open {}", file);
  // One write: the kernel takes the whole map at once.
  if (::write(fd.get(), map.data(), map.size()) < 0)
    return fail_errno(errno, "cannot write \"{}\" to {}", map, file);
  return {};
}

}  // namespace

Result<UniqueFd> make_user_namespace(const std::string& user_map, const std::string& group_map) {
  alignas(16) std::array<char, 16384> stack{};
  int pidfd = -1;
  const pid_t pid = ::clone(wait_for_the_end, stack.data() + stack.size(),
                            CLONE_VM | CLONE_NEWUSER | CLONE_PIDFD | SIGCHLD, nullptr, &pidfd);
  if (pid < 0) return fail_errno(errno, "cannot make a user namespace");
  const Child holder(pid, UniqueFd(pidfd));  // killed and reaped on every way out
  auto written = write_map(pid, "uid_map", user_map);
  if (written) written = write_map(pid, "gid_map", group_map);
  if (!written) return pass_on(written);
  UniqueFd found(::open(fmt::format("/proc/{}/ns/user", pid).c_str(), O_RDONLY | O_CLOEXEC));
  if (!found) return fail_errno(errno, "cannot open a user namespace");
  return found;
}

}  // namespace am::process
