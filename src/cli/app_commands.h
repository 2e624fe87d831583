// am app create, list, show, set, delete; am script enable, disable.
#pragma once

#include "cli/command.h"

namespace am::cli {

void add_app_commands(CLI::App& root, Cli& cli);
void add_script_commands(CLI::App& root, Cli& cli);

}  // namespace am::cli
