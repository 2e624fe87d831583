// The processes in one control group.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace am::process {

// As numbers of this process's pid namespace; empty when the group is gone.
std::vector<pid_t> processes_in(const std::string& group);

// A number may be reused between the look and the signal: the pidfd is opened first and membership checked
// again.
void signal_member(const std::string& group, pid_t pid, int number);

}  // namespace am::process
