// What is left of a task, slot or launcher whose own observer cannot tidy up.
#pragma once

#include <string>

#include "loop/awaitable.h"
#include "process/cgroup.h"

namespace am::hypervisor {

// Kills what is left in the control groups of that name and removes them. False when a process could not be
// ended within seconds.
Awaitable<bool> end_group(const process::CgroupFolders& folders, std::string name);

}  // namespace am::hypervisor
