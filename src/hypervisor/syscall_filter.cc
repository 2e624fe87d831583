#include "hypervisor/syscall_filter.h"

#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <vector>

#include "base/unique_fd.h"

namespace am::hypervisor {
namespace {

// What no script needs and what has been a way out of containers: other filesystems and namespaces, other
// processes' memory, the kernel's modules, keys, programs and clocks.
constexpr const char* kRefused[] = {"mount",
                                    "umount2",
                                    "pivot_root",
                                    "chroot",
                                    "move_mount",
                                    "open_tree",
                                    "fsopen",
                                    "fsmount",
                                    "fsconfig",
                                    "fspick",
                                    "mount_setattr",
                                    "setns",
                                    "open_by_handle_at",
                                    "swapon",
                                    "swapoff",
                                    "quotactl",
                                    "quotactl_fd",
                                    "ptrace",
                                    "process_vm_readv",
                                    "process_vm_writev",
                                    "process_madvise",
                                    "kcmp",
                                    "pidfd_getfd",
                                    "init_module",
                                    "finit_module",
                                    "delete_module",
                                    "kexec_load",
                                    "kexec_file_load",
                                    "reboot",
                                    "acct",
                                    "add_key",
                                    "request_key",
                                    "keyctl",
                                    "bpf",
                                    "perf_event_open",
                                    "userfaultfd",
                                    "io_uring_setup",
                                    "io_uring_enter",
                                    "io_uring_register",
                                    "lookup_dcookie",
                                    "syslog",
                                    "iopl",
                                    "ioperm",
                                    "vhangup",
                                    "uselib",
                                    "nfsservctl",
                                    "settimeofday",
                                    "clock_settime",
                                    "clock_adjtime",
                                    "adjtimex",
                                    "stime",
                                    "sethostname",
                                    "setdomainname",
                                    "personality"};

constexpr unsigned long kNewNamespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |
                                         CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | 0x80 /* NEWTIME */;
constexpr unsigned long kSetIds = S_ISUID | S_ISGID;

struct ContextEnd {
  void operator()(void* context) const { seccomp_release(context); }
};
using Context = std::unique_ptr<void, ContextEnd>;

// Names that this machine's architecture or library does not know are no danger there.
int call_number(const char* name) { return seccomp_syscall_resolve_name(name); }

class Rules {
 public:
  explicit Rules(Context context) : context_(std::move(context)) {}

  void refuse(const char* name, int error = EPERM) {
    if (const int call = call_number(name); call != __NR_SCMP_ERROR)
      note(seccomp_rule_add(context_.get(), SCMP_ACT_ERRNO(error), call, 0));
  }
  // All conditions hold.
  void refuse_if(const char* name, const std::vector<scmp_arg_cmp>& conditions) {
    if (const int call = call_number(name); call != __NR_SCMP_ERROR)
      note(seccomp_rule_add_array(context_.get(), SCMP_ACT_ERRNO(EPERM), call,
                                  static_cast<unsigned>(conditions.size()), conditions.data()));
  }
  // Each bit by itself: a comparison under a mask knows one value only.
  void refuse_bits(const char* name, unsigned argument, unsigned long bits,
                   const std::vector<scmp_arg_cmp>& where = {}) {
    for (unsigned long bit = 1; bit != 0 && bit <= bits; bit <<= 1) {
      if ((bits & bit) == 0) continue;
      auto conditions = where;
      conditions.push_back({argument, SCMP_CMP_MASKED_EQ, bit, bit});
      refuse_if(name, conditions);
    }
  }

  Result<std::string> bytes() {
    if (error_ != 0) return fail_errno(error_, "cannot make the filter of system calls");
    const UniqueFd file(::memfd_create("syscall-filter", MFD_CLOEXEC));
    if (!file) return fail_errno(errno, "no memory for the filter of system calls");
    if (const int failed = seccomp_export_bpf(context_.get(), file.get()); failed != 0)
      return fail_errno(-failed, "cannot export the filter of system calls");
    std::string program(static_cast<std::size_t>(::lseek(file.get(), 0, SEEK_END)), '\0');
    if (::pread(file.get(), program.data(), program.size(), 0) != static_cast<ssize_t>(program.size()))
      return fail_errno(errno, "cannot read the filter of system calls");
    return program;
  }

 private:
  void note(int result) {
    if (result != 0 && error_ == 0) error_ = -result;
  }

  Context context_;
  int error_ = 0;
};

}  // namespace

Result<std::string> make_syscall_filter() {
  Context context(seccomp_init(SCMP_ACT_ALLOW));
  if (!context) return fail(ErrorCode::internal, "cannot begin a filter of system calls");
  // A binary search, so that a call does not pass sixty comparisons.
  seccomp_attr_set(context.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2);
  Rules rules(std::move(context));
  for (const char* name : kRefused) rules.refuse(name);
  // Its flags lie in memory, where a filter cannot look; the C library then takes clone(2).
  rules.refuse("clone3", ENOSYS);
  rules.refuse_bits("clone", 0, kNewNamespaces & ~0x80UL);  // there 0x80 belongs to the exit signal
  rules.refuse_bits("unshare", 0, kNewNamespaces);
  // A file that would run with its owner's rights.
  rules.refuse_bits("chmod", 1, kSetIds);
  rules.refuse_bits("fchmod", 1, kSetIds);
  rules.refuse_bits("fchmodat", 2, kSetIds);
  rules.refuse_bits("fchmodat2", 2, kSetIds);
  rules.refuse_bits("creat", 1, kSetIds);
  rules.refuse_bits("mknod", 1, kSetIds);
  rules.refuse_bits("mknodat", 2, kSetIds);
  constexpr auto kCreates = [](unsigned flags) {
    return scmp_arg_cmp{flags, SCMP_CMP_MASKED_EQ, O_CREAT, O_CREAT};
  };
  rules.refuse_bits("open", 2, kSetIds, {kCreates(1)});
  rules.refuse_bits("openat", 3, kSetIds, {kCreates(2)});
  rules.refuse("openat2", ENOSYS);  // its mode lies in memory, too; who uses it falls back to openat
  // Another process's limits.
  rules.refuse_if("prlimit64", {{0, SCMP_CMP_NE, 0, 0}, {2, SCMP_CMP_NE, 0, 0}});
  for (const int family : {AF_VSOCK, AF_ALG, AF_PACKET, AF_KEY})
    rules.refuse_if("socket", {{0, SCMP_CMP_EQ, static_cast<scmp_datum_t>(family), 0}});
  return rules.bytes();
}

}  // namespace am::hypervisor
