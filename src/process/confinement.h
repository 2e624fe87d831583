// What keeps a new process apart from the rest of the machine: namespaces, user, rights, system calls.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/unique_fd.h"

namespace am::process {

struct Confinement {
  // The namespaces of this process (a pidfd) that the new one joins: CLONE_NEW… flags, see setns(2).
  int join_process = -1;
  int join_flags = 0;
  // Namespaces of its own: CLONE_NEW… flags, see clone(2). The mounts of a new mount namespace are private.
  int new_flags = 0;
  // The user and group that it becomes, with no capability and no way to get one.
  std::optional<uid_t> user;
  // Processes of the same user outside this one and its children cannot look into it (ptrace,
  // /proc/<pid>/environ, …) nor signal it, as far as the kernel has Landlock; needs `user`.
  bool apart = false;
  // An array of struct sock_filter as bytes (see seccomp(2)); needs `user`. Empty: none.
  std::string seccomp_filter;
};

// All that one container of tasks has of its own.
inline constexpr int kContainerNamespaces = 0x00020000 /* mount */ | 0x04000000 /* uts */ |
                                            0x08000000 /* ipc */ | 0x20000000 /* pid */ |
                                            0x40000000 /* network */;
inline constexpr int kNetworkNamespace = 0x40000000;
inline constexpr int kMountNamespace = 0x00020000;

// Whether this kernel can keep processes of one user `apart`: Landlock since Linux 5.19.
bool can_be_apart();
// A Landlock ruleset with which a process that has the same root as this one (a pidfd) makes itself `apart`.
Result<UniqueFd> make_domain_in(int process);

// For the child of a spawn: the steps that need the rights of the parent, in this order around the rest.
// False with errno set on failure.
bool join_namespaces(const Confinement& confinement);
bool drop_rights(const Confinement& confinement);

// Makes this thread's children start in the pid namespace that the confinement joins, until destroyed.
class ChildrenElsewhere {
 public:
  explicit ChildrenElsewhere(const Confinement& confinement);
  ~ChildrenElsewhere();
  ChildrenElsewhere(const ChildrenElsewhere&) = delete;
  ChildrenElsewhere& operator=(const ChildrenElsewhere&) = delete;
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  UniqueFd own_;
  bool failed_ = false;
};

}  // namespace am::process
