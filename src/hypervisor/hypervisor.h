// `am hypervisor`: starts tasks for a manager and keeps them.
#pragma once

#include "hypervisor/options.h"

namespace am::hypervisor {

// Runs until SIGINT or SIGTERM. Running tasks go on without it and are taken back by the next one on the same
// data folder, unless `stop_tasks_on_exit`. Returns the exit code; what prevents the start is said on stderr.
int run_hypervisor(const HypervisorOptions& options);

}  // namespace am::hypervisor
