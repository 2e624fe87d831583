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
#include "process/network_namespace.h"

namespace am::process {
namespace {

static_assert(kContainerNamespaces ==
              (CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWNET));
static_assert(kNetworkNamespace == CLONE_NEWNET && kMountNamespace == CLONE_NEWNS);

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

// Landlock's domains keep processes from looking into each other (landlock(7), "Ptrace restrictions"). A
// domain must restrict something: these may do nothing but move files, which every domain forbids unless a
// rule allows it. Nothing on failure, errno ENOSYS where the kernel is too old.
AM_BETWEEN_CLONE_AND_EXEC UniqueFd make_ruleset(const char* everywhere) {
  constexpr std::uint64_t kMoveFiles = 1ULL << 13;    // LANDLOCK_ACCESS_FS_REFER
  constexpr std::uint64_t kMakeDevices = 1ULL << 11;  // LANDLOCK_ACCESS_FS_MAKE_BLOCK
  constexpr std::uint64_t kSignals = 1ULL << 1;       // LANDLOCK_SCOPE_SIGNAL
  constexpr long kMovesInVersion = 2;
  constexpr long kScopesInVersion = 6;
  struct {
    std::uint64_t files, network, scoped;
  } rules{kMoveFiles | kMakeDevices, 0, kSignals};
  const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, 1U);
  if (version < kMovesInVersion) {
    errno = ENOSYS;
    return {};
  }
  const std::size_t size = version >= kScopesInVersion ? sizeof rules : sizeof rules.files;
  UniqueFd ruleset(static_cast<int>(::syscall(SYS_landlock_create_ruleset, &rules, size, 0U)));
  const UniqueFd root(::open(everywhere, O_PATH | O_CLOEXEC));
  struct [[gnu::packed]] {
    std::uint64_t allowed;
    std::int32_t folder;
  } const rule{kMoveFiles, root.get()};
  if (!ruleset || !root || ::syscall(SYS_landlock_add_rule, ruleset.get(), 1U, &rule, 0U) != 0) return {};
  return ruleset;
}

AM_BETWEEN_CLONE_AND_EXEC bool enter_own_domain() {
  const UniqueFd ruleset = make_ruleset("/");
  if (!ruleset) return errno == ENOSYS;  // what an old kernel cannot do is said at the start
  return ::syscall(SYS_landlock_restrict_self, ruleset.get(), 0U) == 0;
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

AM_BETWEEN_CLONE_AND_EXEC bool join_namespaces(const Confinement& confinement) {
  const int flags = confinement.join_flags & ~CLONE_NEWPID;  // that one is joined by being born in it
  if (flags != 0 && ::setns(confinement.join_process, flags) != 0) return false;
  // What it mounts and unmounts concerns itself only, also where the machine's mounts are shared.
  return (confinement.new_flags & CLONE_NEWNS) == 0 ||
         ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

AM_BETWEEN_CLONE_AND_EXEC bool drop_rights(const Confinement& confinement) {
  if (!confinement.user) return true;
  if (!drop_bounding_set() || !become(*confinement.user)) return false;
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
  if (confinement.apart && !enter_own_domain()) return false;
  return load_filter(confinement.seccomp_filter);
}

Result<UniqueFd> make_domain_in(int process) {
  UniqueFd ruleset = make_ruleset(fmt::format("/proc/{}/root", number_of(process)).c_str());
  if (!ruleset) return fail_errno(errno, "cannot make a Landlock domain");
  return ruleset;
}

bool can_be_apart() { return ::syscall(SYS_landlock_create_ruleset, nullptr, 0, 1U) >= 2; }

ChildrenElsewhere::ChildrenElsewhere(const Confinement& confinement) {
  if ((confinement.join_flags & CLONE_NEWPID) == 0) return;
  own_.reset(::open("/proc/thread-self/ns/pid", O_RDONLY | O_CLOEXEC));
  failed_ = !own_ || ::setns(confinement.join_process, CLONE_NEWPID) != 0;
}

ChildrenElsewhere::~ChildrenElsewhere() {
  if (own_) ::setns(own_.get(), CLONE_NEWPID);
}

}  // namespace am::process
