// am ps, logs, stop, inspect: tasks that were started before.
#pragma once

#include "cli/command.h"

namespace am::cli {

void add_task_commands(CLI::App& root, Cli& cli);

}  // namespace am::cli
