// A process with all its descendants, read from /proc. Works without any cgroup; meant for a subreaper, whose
// subtree no daemon can leave by forking twice.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

namespace am::process {

// All living or unreaped descendants of `root`, not `root` itself.
std::vector<pid_t> descendants_of(pid_t root);

// Whether `pid` is a living or unreaped descendant of `root` right now.
bool descends_from(pid_t root, pid_t pid);

// What the living descendants of `root` have used, with the children that they have waited for.
struct TreeUsage {
  double cpu_sec = 0;
  std::uint32_t processes = 0;
};
TreeUsage usage_of(const std::vector<pid_t>& processes);

// Sends the signal only if `pid` still is a descendant of `root` once its pidfd is open: a number that was
// reused meanwhile is left alone. False when it was not sent.
bool signal_descendant(pid_t root, pid_t pid, int signal);

// Bytes of memory of the processes together: shared pages counted in proportion (PSS without file pages).
std::uint64_t memory_of(const std::vector<pid_t>& processes);

}  // namespace am::process
