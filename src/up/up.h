// am up: the manager and a hypervisor with one command, kept running.
#pragma once

#include "up/platform.h"

namespace am::up {

// Runs until SIGINT or SIGTERM, then stops the tasks and both daemons. Gives the exit code: 0, 2 for options
// that the daemons refuse, 1 for any other failure; the reason is on stderr.
int run_up(UpOptions options);

}  // namespace am::up
