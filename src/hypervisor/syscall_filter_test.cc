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
#include <unistd.h>

#include <cerrno>

namespace am::hypervisor {
namespace {

// Ends this process with 0 or the errno that the call gets under the filter.
template <typename Call>
[[noreturn]] void exit_with(Call call) {
  std::string filter = make_syscall_filter().value();
  sock_fprog program{static_cast<unsigned short>(filter.size() / sizeof(sock_filter)),
                     reinterpret_cast<sock_filter*>(filter.data())};
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0U, &program) != 0)
    ::_exit(255);
  ::_exit(call() < 0 ? errno : 0);
}

template <typename Call>
void expect_filtered(Call call, int error) {
  EXPECT_EXIT(exit_with(call), testing::ExitedWithCode(error), "");
}

TEST(SyscallFilter, RefusesWhatNoScriptNeeds) {
  expect_filtered([] { return ::mount("none", "/nowhere", "tmpfs", 0, nullptr); }, EPERM);
  expect_filtered([] { return ::unshare(CLONE_NEWUSER); }, EPERM);
  expect_filtered([] { return ::syscall(SYS_keyctl, 0, 0, 0, 0, 0); }, EPERM);
  expect_filtered([] { return ::syscall(SYS_clone3, nullptr, 0); }, ENOSYS);
  const rlimit none{0, 0};
  expect_filtered([&] { return ::syscall(SYS_prlimit64, 1, RLIMIT_CPU, &none, nullptr); }, EPERM);
}

TEST(SyscallFilter, RefusesFilesThatChangeTheUser) {
  const std::string file = testing::TempDir() + "set-id";
  expect_filtered([&] { return ::open(file.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 04755); }, EPERM);
  expect_filtered([&] { return ::mknod(file.c_str(), S_IFREG | 02755, 0); }, EPERM);
  expect_filtered([&] { return ::chmod("/nowhere", 04755); }, EPERM);
}

TEST(SyscallFilter, LetsOrdinaryCallsThrough) {
  expect_filtered([] { return ::chmod("/nowhere", 0755); }, ENOENT);
  // Without O_CREAT the mode is whatever happens to be in the register.
  expect_filtered([] { return ::syscall(SYS_open, "/dev/null", O_RDONLY, 04755); }, 0);
  const rlimit same{64, 64};
  expect_filtered([&] { return ::setrlimit(RLIMIT_NOFILE, &same); }, 0);
}

}  // namespace
}  // namespace am::hypervisor
