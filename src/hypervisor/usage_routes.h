// GET /tasks/{pid}/usage: what a running task uses right now.
#pragma once

#include "hypervisor/tasks.h"
#include "net/router.h"

namespace am::hypervisor {

// {"cpuSec","memoryMb","memoryPeakMb","processes"}; 404 for an unknown task, 409 for one that does not run.
void add_usage_routes(net::Router& router, Tasks& tasks, process::CgroupFolders cgroups);

}  // namespace am::hypervisor
