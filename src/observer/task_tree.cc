#include "observer/task_tree.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>

#include "process/process_tree.h"
#include "process/spawn.h"

namespace am::observer {
namespace {

constexpr double kMegabyte = 1024.0 * 1024.0;

}  // namespace

Result<process::TaskCgroup> TaskTree::make_cgroup(const ipc::RunCommand& command) {
  const process::CgroupFolders folders{command.cgroup_memory, command.cgroup_pids, command.cgroup_unified};
  return process::TaskCgroup::create(folders, command.group.empty() ? command.pid : command.group,
                                     command.limits.memory_mb << 20, command.process_limit);
}

Result<TaskTree> TaskTree::adopt(const ipc::RunCommand& command, const WaitingInterpreter& interpreter,
                                 const std::string& container_folder) {
  auto cgroup = make_cgroup(command);
  if (!cgroup) return pass_on(cgroup);
  if (cgroup->population_event() < 0) return fail(ErrorCode::internal, "the task's control group is missing");
  auto child = ForeignChild::watch(container_folder, interpreter.process_inside());
  if (!child) return pass_on(child);
  if (auto taken = cgroup->take(interpreter.process()); !taken) return pass_on(taken);
  TaskTree tree(std::move(*cgroup));
  tree.grouped_ = true;
  tree.first_pid_ = interpreter.process();
  tree.foreign_.emplace(std::move(*child));
  return tree;
}

Result<TaskTree> TaskTree::start(const ipc::RunCommand& command, int container, int standard_output,
                                 int standard_error, int order) {
  auto cgroup = make_cgroup(command);
  if (!cgroup) return pass_on(cgroup);
  TaskTree tree(std::move(*cgroup));
  process::SpawnSpec spec;
  std::optional<container::Container> own;
  if (command.user != 0) {
    auto confined = tree.confine(command, container, own);
    if (!confined) return pass_on(confined);
    spec.confinement = std::move(*confined);
  }
  spec.argv = command.argv;
  spec.environment = command.environment;
  spec.working_directory = command.working_directory;
  spec.descriptors = {{standard_output, 1}, {standard_error, 2}};
  if (order >= 0) spec.descriptors.emplace_back(order, WaitingInterpreter::kOrderDescriptor);
  spec.cgroup_procs = tree.cgroup_.procs();
  if (command.descriptor_limit > 0) {
    spec.resource_limits = {{RLIMIT_NOFILE, {command.descriptor_limit, command.descriptor_limit}}};
  }
  auto child = process::spawn(spec);
  if (!child) {
    tree.kill();  // a container of its own
    return pass_on(child);
  }
  tree.first_pid_ = child->pid();
  child->detach();  // reap() waits for any child, the first among them
  return tree;
}

// `own` holds what the confinement refers to.
Result<process::Confinement> TaskTree::confine(const ipc::RunCommand& command, int container,
                                               std::optional<container::Container>& own) {
  if (container < 0 || cgroup_.population_event() < 0) {
    return fail(ErrorCode::internal, "the task container or its control group is missing");
  }
  grouped_ = true;
  process::Confinement confinement;
  confinement.join_process = container;
  confinement.join_flags = process::kContainerNamespaces;
  confinement.user = command.user;
  confinement.apart = true;
  confinement.seccomp_filter = command.seccomp_filter;
  if (command.own_container) {
    own_container_folder_ = command.own_container->folder;
    auto made = container::Container::start({.program = command.container_program,
                                             .network_of = container,
                                             .cgroup_procs = cgroup_.procs(),
                                             .log = STDERR_FILENO},
                                            *command.own_container);
    if (!made) return pass_on(made);
    own.emplace(std::move(*made));
    confinement.join_process = own->process();
  }
  return confinement;
}

void TaskTree::reap() {
  if (foreign_ && !first_status_) first_status_ = foreign_->status();
  for (;;) {
    int status = 0;
    const pid_t pid = ::waitpid(-1, &status, WNOHANG);
    if (pid < 0 && errno == EINTR) continue;
    if (pid < 0) no_children_ = true;  // ECHILD
    if (pid <= 0) return;
    if (pid != first_pid_ || first_status_) continue;
    first_status_.emplace();
    if (WIFEXITED(status)) {
      first_status_->exit_code = WEXITSTATUS(status);
    } else {
      first_status_->signal = WTERMSIG(status);
    }
  }
}

void TaskTree::signal_all(int number) const {
  if (grouped_) return cgroup_.signal_members(number);
  const pid_t self = ::getpid();
  for (const pid_t pid : process::descendants_of(self)) process::signal_descendant(self, pid, number);
}

void TaskTree::terminate() const {
  signal_all(SIGTERM);
  signal_all(SIGCONT);
}

void TaskTree::kill() const {
  if (cgroup_.kill()) return;
  signal_all(SIGSTOP);  // none of them forks while the others are killed
  signal_all(SIGKILL);
}

std::uint64_t TaskTree::poll_memory_bytes() {
  const std::uint64_t bytes = process::memory_of(process::descendants_of(::getpid()));
  polled_peak_bytes_ = std::max(polled_peak_bytes_, bytes);
  return bytes;
}

std::size_t TaskTree::count_processes() const { return process::descendants_of(::getpid()).size(); }

double TaskTree::memory_peak_mb() const {
  if (cgroup_.limits_memory()) return static_cast<double>(cgroup_.memory_peak_bytes()) / kMegabyte;
  rusage usage{};
  ::getrusage(RUSAGE_CHILDREN, &usage);
  const double largest_process = static_cast<double>(usage.ru_maxrss) / 1024.0;  // kilobytes
  return std::max(static_cast<double>(polled_peak_bytes_) / kMegabyte, largest_process);
}

double TaskTree::cpu_seconds() const {
  if (grouped_) {
    if (const auto counted = cgroup_.cpu_seconds()) return *counted;
  }
  rusage usage{};
  ::getrusage(RUSAGE_CHILDREN, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void TaskTree::remove_own_container() {
  if (own_container_folder_.empty()) return;
  // What stays is in the task's folder and does no harm there.
  if (auto removed = container::remove_container_folder(own_container_folder_); !removed) {
    std::fprintf(stderr, "am-observer: %s\n", removed.error().message.c_str());
  }
}

}  // namespace am::observer
