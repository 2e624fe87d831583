// am run: starts a task, shows its output, exits as it does.
#pragma once

#include "cli/command.h"

namespace am::cli {

void add_run_command(CLI::App& root, Cli& cli);

}  // namespace am::cli
