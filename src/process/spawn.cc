#include "process/spawn.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "process/after_clone.h"

namespace am::process {
namespace {

enum class Step {
  none,
  session,
  death_signal,
  limits,
  cgroup,
  namespaces,
  folder,
  descriptors,
  rights,
  exec
};

constexpr std::size_t kStackBytes = 64 * 1024;
constexpr int kParkedDescriptors = 512;  // above every number that a caller maps to

// All that the child needs, prepared by the parent: the child allocates nothing, locks nothing, logs nothing.
struct Plan {
  const SpawnSpec* spec = nullptr;
  std::vector<char*> argv;
  std::vector<char*> environment;
  char** environment_pointer = nullptr;
  const char* name = nullptr;
  std::vector<std::pair<int, int>> descriptors;
  std::vector<int> parked;
  Step failed_step = Step::none;  // written by the child in the parent's memory (CLONE_VM)
  int failed_errno = 0;
};

AM_BETWEEN_CLONE_AND_EXEC void reset_signals() {
  struct sigaction standard{};
  standard.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number) ::sigaction(number, &standard, nullptr);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

AM_BETWEEN_CLONE_AND_EXEC bool join_cgroups(const Plan& plan) {
  for (const int procs : plan.spec->cgroup_procs) {
    if (::write(procs, "0", 1) != 1) return false;
  }
  return true;
}

AM_BETWEEN_CLONE_AND_EXEC bool place_descriptors(Plan& plan) {
  // Park each above all targets first: a source may be another one's target.
  for (std::size_t i = 0; i < plan.descriptors.size(); ++i) {
    plan.parked[i] = ::fcntl(plan.descriptors[i].first, F_DUPFD_CLOEXEC, kParkedDescriptors);
    if (plan.parked[i] < 0) return false;
  }
  if (::syscall(SYS_close_range, 3U, ~0U, 4U /* CLOSE_RANGE_CLOEXEC */) != 0) return false;
  for (std::size_t i = 0; i < plan.descriptors.size(); ++i) {
    if (::dup2(plan.parked[i], plan.descriptors[i].second) < 0) return false;
  }
  return true;
}

AM_BETWEEN_CLONE_AND_EXEC Step prepare(Plan& plan) {
  const SpawnSpec& spec = *plan.spec;
  if (spec.new_session && ::setsid() < 0) return Step::session;
  if (spec.parent_death_signal && ::prctl(PR_SET_PDEATHSIG, *spec.parent_death_signal) != 0) {
    return Step::death_signal;
  }
  for (const auto& [resource, limit] : spec.resource_limits) {
    if (::setrlimit(static_cast<__rlimit_resource>(resource), &limit) != 0) return Step::limits;
  }
  if (!join_cgroups(plan)) return Step::cgroup;
  if (!join_namespaces(spec.confinement)) return Step::namespaces;
  if (!place_descriptors(plan)) return Step::descriptors;
  if (!drop_rights(spec.confinement)) return Step::rights;
  // With the rights of the new user: the path may lead through folders that are others'.
  if (!spec.working_directory.empty() && ::chdir(spec.working_directory.c_str()) != 0) return Step::folder;
  reset_signals();
  ::execve(plan.argv[0], plan.argv.data(), plan.environment_pointer);
  return Step::exec;
}

AM_BETWEEN_CLONE_AND_EXEC int child_main(void* argument) {
  Plan& plan = *static_cast<Plan*>(argument);
  // Others in its pid namespace may look before the exec: not with the name of the parent's program.
  ::prctl(PR_SET_NAME, plan.name);
  plan.failed_step = prepare(plan);
  plan.failed_errno = errno;
  ::_exit(127);
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> result;
  result.reserve(texts.size() + 1);
  for (const std::string& text : texts)
    result.push_back(const_cast<char*>(text.c_str()));  // exec's signature
  result.push_back(nullptr);
  return result;
}

std::unexpected<Error> explain(const Plan& plan) {
  const SpawnSpec& spec = *plan.spec;
  const std::string reason = errno_text(plan.failed_errno);
  const auto failed = [&](std::string text) { return fail(ErrorCode::internal, "{}: {}", text, reason); };
  switch (plan.failed_step) {
    case Step::none:
      break;
    case Step::session:
      return failed("cannot make a session");
    case Step::death_signal:
      return failed("cannot set the parent death signal");
    case Step::limits:
      return failed("cannot set a resource limit");
    case Step::cgroup:
      return failed("cannot join the cgroup");
    case Step::namespaces:
      return failed("cannot enter the task container");
    case Step::rights:
      return failed("cannot give up rights");
    case Step::folder:
      return failed("cannot enter the folder " + spec.working_directory);
    case Step::descriptors:
      return failed("cannot place the descriptors");
    case Step::exec:
      return failed("cannot execute " + spec.argv[0]);
  }
  return failed("cannot start " + spec.argv[0]);
}

class Stack {
 public:
  Stack()
      : memory_(::mmap(nullptr, kStackBytes, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0)) {}
  ~Stack() {
    if (valid()) ::munmap(memory_, kStackBytes);
  }
  Stack(const Stack&) = delete;
  Stack& operator=(const Stack&) = delete;
  [[nodiscard]] bool valid() const { return memory_ != MAP_FAILED; }
  [[nodiscard]] void* top() const { return static_cast<char*>(memory_) + kStackBytes; }

 private:
  void* memory_;
};

// A descriptor for each of 0, 1, 2 that the caller left out.
bool fill_standard_descriptors(Plan& plan, UniqueFd& null_device) {
  for (int number = 0; number <= 2; ++number) {
    bool given = false;
    for (const auto& [here, there] : plan.descriptors) given = given || there == number;
    if (given) continue;
    if (!null_device) null_device.reset(::open("/dev/null", O_RDWR | O_CLOEXEC));
    if (!null_device) return false;
    plan.descriptors.emplace_back(null_device.get(), number);
  }
  return true;
}

}  // namespace

Result<Child> spawn(const SpawnSpec& spec) {
  if (spec.argv.empty() || !spec.argv[0].starts_with('/')) {
    return fail(ErrorCode::invalid_argument, "the program to start must be an absolute path, not \"{}\"",
                spec.argv.empty() ? "" : spec.argv[0]);
  }
  Plan plan;
  plan.spec = &spec;
  plan.argv = pointers(spec.argv);
  plan.name = spec.argv[0].c_str() + spec.argv[0].rfind('/') + 1;
  if (spec.environment) plan.environment = pointers(*spec.environment);
  plan.environment_pointer = spec.environment ? plan.environment.data() : environ;
  plan.descriptors = spec.descriptors;
  UniqueFd null_device;
  if (!fill_standard_descriptors(plan, null_device)) return fail_errno(errno, "cannot open /dev/null");
  plan.parked.resize(plan.descriptors.size());

  const ChildrenElsewhere in_container(spec.confinement);
  if (in_container.failed()) return fail_errno(errno, "cannot enter the task container's process ids");
  const Stack stack;
  if (!stack.valid()) return fail_errno(errno, "no memory for a child's stack");
  // No handler of the parent may run in the child while both share memory.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  int pidfd = -1;
  // CLONE_VFORK: the parent goes on once the child has executed the program or failed, so `plan` stays valid
  // and no page of the parent is copied.
  const int flags = CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD | spec.confinement.new_flags;
  const pid_t pid = ::clone(child_main, stack.top(), flags, &plan, &pidfd);
  const int clone_errno = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (pid < 0) return fail_errno(clone_errno, "cannot make a process for {}", spec.argv[0]);

  Child child(pid, UniqueFd(pidfd));
  if (plan.failed_step != Step::none) {
    child.reap();
    return explain(plan);
  }
  return child;
}

}  // namespace am::process
