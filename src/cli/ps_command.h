// am ps: tasks as a table.
#pragma once

#include "cli/command.h"

namespace am::cli {

void add_ps_command(CLI::App& root, Cli& cli);

}  // namespace am::cli
