// The task's processes: the first one, all its descendants, their cgroup, and how they are ended.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "container/container.h"
#include "ipc/messages.h"
#include "observer/foreign_child.h"
#include "observer/waiting_interpreter.h"
#include "process/cgroup.h"
#include "process/child.h"
#include "process/confinement.h"

namespace am::observer {

class TaskTree {
 public:
  // Makes the cgroup and starts the first process; its stdout and stderr write to the given pipe ends. This
  // process must be a child subreaper. `container`: a pidfd of the task container's first process, or -1.
  // `order`: the socket of a waiting interpreter, or -1.
  static Result<TaskTree> start(const ipc::RunCommand& command, int container, int standard_output,
                                int standard_error, int order = -1);
  // Makes the cgroup and takes a process into it that is a child of a container's first one;
  // `container_folder` is that container's.
  static Result<TaskTree> adopt(const ipc::RunCommand& command, const WaitingInterpreter& interpreter,
                                const std::string& container_folder);

  [[nodiscard]] const process::TaskCgroup& cgroup() const { return cgroup_; }
  Result<void> limit_memory(std::uint64_t bytes) { return cgroup_.limit_memory(bytes); }
  [[nodiscard]] pid_t first_process() const { return first_pid_; }

  // Reaps whatever has ended. The first process's status once it is known.
  void reap();
  [[nodiscard]] const std::optional<process::ExitStatus>& first_status() const { return first_status_; }
  // No process of the task is left, reaped or not.
  [[nodiscard]] bool empty() const {
    const bool told = !foreign_ || first_status_;  // how it ended may be heard after its group is empty
    return no_children_ && told && !(grouped_ && cgroup_.populated());
  }
  // Readable (EPOLLPRI) when empty() may have changed without a child's end; -1: children tell everything.
  [[nodiscard]] int population_event() const { return grouped_ ? cgroup_.population_event() : -1; }
  // Readable when the first process has ended, where it is not a child of this one; else -1.
  [[nodiscard]] int first_process_event() const { return foreign_ ? foreign_->socket() : -1; }

  // TERM to every process, and CONT so that a stopped one gets it.
  void terminate() const;
  // KILL to every process, again and again until empty(): a fork can slip between two looks.
  void kill() const;

  // What the tree takes now, where the kernel does not limit it; and the highest value so far.
  std::uint64_t poll_memory_bytes();
  [[nodiscard]] std::size_t count_processes() const;
  [[nodiscard]] double memory_peak_mb() const;
  // User and system time of all that ran.
  [[nodiscard]] double cpu_seconds() const;
  // Removes what the task's own container has written, if it had one. Once empty().
  void remove_own_container();

 private:
  explicit TaskTree(process::TaskCgroup cgroup) : cgroup_(std::move(cgroup)) {}
  static Result<process::TaskCgroup> make_cgroup(const ipc::RunCommand& command);
  Result<process::Confinement> confine(const ipc::RunCommand& command, int container,
                                       std::optional<container::Container>& own);
  void signal_all(int number) const;

  process::TaskCgroup cgroup_;
  pid_t first_pid_ = -1;
  std::optional<ForeignChild> foreign_;  // the first process, when it is a child of a container's first one
  std::optional<process::ExitStatus> first_status_;
  bool no_children_ = false;
  // In a container orphans go to its first process, not to this one: only the cgroup knows all of them.
  bool grouped_ = false;
  std::string own_container_folder_;
  std::uint64_t polled_peak_bytes_ = 0;
};

}  // namespace am::observer
