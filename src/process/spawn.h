// The only place of the product that makes a process.
#pragma once

#include <sys/resource.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "process/child.h"
#include "process/confinement.h"

namespace am::process {

struct SpawnSpec {
  std::vector<std::string> argv;                        // argv[0]: absolute path of the program
  std::optional<std::vector<std::string>> environment;  // "NAME=value"; nothing: the parent's
  std::string working_directory;                        // empty: the parent's
  // {descriptor here, number there}; every other descriptor is closed in the child. Missing of 0, 1, 2:
  // /dev/null.
  std::vector<std::pair<int, int>> descriptors;
  bool new_session = true;        // own session and process group
  std::vector<int> cgroup_procs;  // open cgroup.procs files that the child joins first
  std::optional<int> parent_death_signal;
  std::vector<std::pair<int, rlimit>> resource_limits;  // {RLIMIT_NOFILE, …}
  Confinement confinement;
};

// Starts the program; returns once exec has succeeded or failed. The error names the step: folder missing,
// program missing or not executable, cgroup not joinable, a right that this process lacks. The child gets
// default signal handlers and an empty mask.
Result<Child> spawn(const SpawnSpec& spec);

}  // namespace am::process
