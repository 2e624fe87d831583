// Control groups: where tasks get theirs on this machine, and one task's own.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/unique_fd.h"

namespace am::process {

// The folders in which tasks' cgroups are made; empty where a controller is not to be had. With cgroup v2 all
// three are the same folder.
struct CgroupFolders {
  std::string memory;
  std::string pids;
  std::string unified;  // cgroup.kill lives here, also beside v1 controllers
};

struct CgroupSupport {
  CgroupFolders folders;
  std::string description;  // for the log: which version, and what is missing with the reason
};

// Finds and prepares the folder `name` for a hypervisor: cgroup v2, else v1, else none of them (then memory
// is polled). Makes a probing group to be sure.
CgroupSupport prepare_cgroups(const std::string& name);
// Removes the hypervisor's folders again as far as they are empty.
void remove_cgroups(const CgroupFolders& folders);

// Kills what is left in the groups of a task whose observer died, and removes them. False while processes are
// still dying there: ask again.
bool end_leftovers(const CgroupFolders& folders, const std::string& name);

// Memory of a task's group now and at its peak, in bytes; zeros where no group counts it.
struct GroupMemory {
  std::uint64_t now = 0;
  std::uint64_t peak = 0;
};
GroupMemory memory_of_group(const CgroupFolders& folders, const std::string& name);

// The processes of a task's group, as numbers of this process's pid namespace.
std::vector<pid_t> members_of_group(const CgroupFolders& folders, const std::string& name);

// One task's groups. Its destructor removes them; the processes must be gone by then.
class TaskCgroup {
 public:
  // No limit for a zero. Without any folder the group exists but does nothing.
  static Result<TaskCgroup> create(const CgroupFolders& folders, const std::string& name,
                                   std::uint64_t memory_bytes, std::uint32_t process_limit);
  TaskCgroup(TaskCgroup&&) noexcept = default;
  TaskCgroup& operator=(TaskCgroup&&) noexcept = default;
  ~TaskCgroup();

  // Another limit on memory; 0: none. Only for a group that was made with one.
  Result<void> limit_memory(std::uint64_t bytes);
  // Whether the kernel enforces the memory limit; else the caller polls.
  [[nodiscard]] bool limits_memory() const { return !memory_.empty(); }
  // Open cgroup.procs files that a new process joins.
  [[nodiscard]] std::vector<int> procs() const;
  // Takes a running process into all of them.
  Result<void> take(pid_t process);

  // Poll these (EPOLLIN | EPOLLPRI), then ask; -1 where there is none.
  [[nodiscard]] int memory_event() const;
  // With v1 current kernels tell nobody of a refused fork: then -1, and the caller asks once in a while.
  [[nodiscard]] int processes_event() const { return v2_ ? pids_events_.get() : -1; }
  [[nodiscard]] bool limits_processes() const { return pids_events_.valid(); }
  // Whether the kernel had to refuse memory (an out-of-memory kill), or a fork.
  [[nodiscard]] bool memory_limit_hit() const;
  [[nodiscard]] bool process_limit_hit() const;

  [[nodiscard]] std::uint64_t memory_bytes() const;
  [[nodiscard]] std::uint64_t memory_peak_bytes() const;

  // Where processes may leave this one's sight (orphans in a pid namespace of their own go to its init), the
  // group itself knows them. These need the unified hierarchy.
  // Poll it (EPOLLPRI), then ask whether any process lives.
  [[nodiscard]] int population_event() const { return population_.get(); }
  [[nodiscard]] bool populated() const;
  [[nodiscard]] std::vector<pid_t> members() const;
  // Sends the signal to each member; a number that was reused meanwhile is left alone.
  void signal_members(int number) const;
  // User and system time of all that ever ran in it; nothing where no group counts it.
  [[nodiscard]] std::optional<double> cpu_seconds() const;

  // Ends every process of the group at once; false where the kernel cannot (then walk the tree).
  bool kill() const;

 private:
  TaskCgroup() = default;
  Result<void> set_up_v2(std::uint64_t memory_bytes, std::uint32_t process_limit);
  Result<void> set_up_v1(std::uint64_t memory_bytes, std::uint32_t process_limit);
  Result<void> open_procs();

  std::string memory_;  // folders of this task
  std::string pids_;
  std::string unified_;
  bool v2_ = false;
  std::vector<UniqueFd> procs_;
  UniqueFd oom_event_;      // v1: eventfd
  UniqueFd memory_events_;  // v2: memory.events; v1: memory.oom_control
  UniqueFd pids_events_;
  UniqueFd population_;  // cgroup.events
};

}  // namespace am::process
