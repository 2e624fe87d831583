#include "process/confinement.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "process/after_clone.h"

namespace am::process {
namespace {

static_assert(kContainerNamespaces ==
              (CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWNET));
static_assert(kNetworkNamespace == CLONE_NEWNET);

constexpr int kMostCapabilities = 64;  // more than any kernel has; the first unknown one ends the loop

// Nothing that a later exec could give back.
AM_BETWEEN_CLONE_AND_EXEC bool drop_bounding_set() {
  for (int capability = 0; capability < kMostCapabilities; ++capability) {
    if (::prctl(PR_CAPBSET_READ, capability, 0, 0, 0) < 0) return errno == EINVAL;
    if (::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) return false;
  }
  return true;
}

// The system calls themselves: the C library's functions would change every thread of the parent, too.
AM_BETWEEN_CLONE_AND_EXEC bool become(uid_t user) {
  if (::syscall(SYS_setgroups, 0, nullptr) != 0) return false;
  if (::syscall(SYS_setresgid, user, user, user) != 0) return false;
  return ::syscall(SYS_setresuid, user, user, user) == 0;
}

AM_BETWEEN_CLONE_AND_EXEC bool load_filter(const std::string& filter) {
  if (filter.empty()) return true;
  sock_fprog program{};
  program.len = static_cast<unsigned short>(filter.size() / sizeof(sock_filter));
  // The kernel only reads it.
  program.filter = reinterpret_cast<sock_filter*>(const_cast<char*>(filter.data()));
  return ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0U, &program) == 0;
}

}  // namespace

Result<UniqueFd> clone_mount(const std::string& path) {
  UniqueFd mount(static_cast<int>(
      ::syscall(SYS_open_tree, AT_FDCWD, path.c_str(), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE)));
  if (!mount) return fail_errno(errno, "cannot take the mount at {}", path);
  return mount;
}

AM_BETWEEN_CLONE_AND_EXEC bool join_namespaces(const Confinement& confinement) {
  const int flags = confinement.join_flags & ~CLONE_NEWPID;  // that one is joined by being born in it
  return flags == 0 || ::setns(confinement.join_process, flags) == 0;
}

AM_BETWEEN_CLONE_AND_EXEC bool attach_private_mounts(const Confinement& confinement) {
  if (confinement.private_mounts.empty()) return true;
  if (::unshare(CLONE_NEWNS) != 0) return false;
  for (const auto& [mount, place] : confinement.private_mounts) {
    if (::syscall(SYS_move_mount, mount, "", AT_FDCWD, place.c_str(), MOVE_MOUNT_F_EMPTY_PATH) != 0) {
      return false;
    }
  }
  return true;
}

AM_BETWEEN_CLONE_AND_EXEC bool drop_rights(const Confinement& confinement) {
  if (!confinement.user) return true;
  if (!drop_bounding_set() || !become(*confinement.user)) return false;
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
  return load_filter(confinement.seccomp_filter);
}

ChildrenElsewhere::ChildrenElsewhere(const Confinement& confinement) {
  if ((confinement.join_flags & CLONE_NEWPID) == 0) return;
  own_.reset(::open("/proc/thread-self/ns/pid", O_RDONLY | O_CLOEXEC));
  failed_ = !own_ || ::setns(confinement.join_process, CLONE_NEWPID) != 0;
}

ChildrenElsewhere::~ChildrenElsewhere() {
  if (own_) ::setns(own_.get(), CLONE_NEWPID);
}

}  // namespace am::process
