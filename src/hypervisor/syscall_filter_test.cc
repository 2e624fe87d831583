#include "hypervisor/syscall_filter.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

namespace am::hypervisor {
namespace {

// What `call` gives in a process with the filter: 0, or its errno.
template <typename Call>
int filtered(Call call) {
  std::string filter = make_syscall_filter().value();
  const pid_t child = ::fork();
  if (child == 0) {
    sock_fprog program{static_cast<unsigned short>(filter.size() / sizeof(sock_filter)),
                       reinterpret_cast<sock_filter*>(filter.data())};
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0U, &program) != 0)
      ::_exit(255);
    ::_exit(call() < 0 ? errno : 0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(SyscallFilter, RefusesWhatNoScriptNeeds) {
  EXPECT_EQ(filtered([] { return ::mount("none", "/nowhere", "tmpfs", 0, nullptr); }), EPERM);
  EXPECT_EQ(filtered([] { return ::unshare(CLONE_NEWUSER); }), EPERM);
  EXPECT_EQ(filtered([] { return ::syscall(SYS_keyctl, 0, 0, 0, 0, 0); }), EPERM);
  EXPECT_EQ(filtered([] { return ::syscall(SYS_clone3, nullptr, 0); }), ENOSYS);
  const rlimit none{0, 0};
  EXPECT_EQ(filtered([&] { return ::syscall(SYS_prlimit64, 1, RLIMIT_CPU, &none, nullptr); }), EPERM);
}

TEST(SyscallFilter, RefusesFilesThatChangeTheUser) {
  const std::string file = testing::TempDir() + "set-id";
  EXPECT_EQ(filtered([&] { return ::open(file.c_str(), O_CREAT | O_WRONLY, 04755); }), EPERM);
  EXPECT_EQ(filtered([&] { return ::mknod(file.c_str(), S_IFREG | 02755, 0); }), EPERM);
  EXPECT_EQ(filtered([&] { return ::chmod("/nowhere", 04755); }), EPERM);
}

TEST(SyscallFilter, LetsOrdinaryCallsThrough) {
  EXPECT_EQ(filtered([] { return ::chmod("/nowhere", 0755); }), ENOENT);
  // Without O_CREAT the mode is whatever happens to be in the register.
  EXPECT_EQ(filtered([] { return ::syscall(SYS_open, "/dev/null", O_RDONLY, 04755); }), 0);
  const rlimit same{64, 64};
  EXPECT_EQ(filtered([&] { return ::setrlimit(RLIMIT_NOFILE, &same); }), 0);
  EXPECT_EQ(filtered([] { return ::fork() < 0 ? -1 : 0; }), 0);
}

}  // namespace
}  // namespace am::hypervisor
