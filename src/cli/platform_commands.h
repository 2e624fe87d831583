// am venv list, params get and set, sign-in-link.
#pragma once

#include "cli/command.h"

namespace am::cli {

void add_platform_commands(CLI::App& root, Cli& cli);
// `list` below the command that also runs the daemon.
void add_hypervisor_list(CLI::App& hypervisor, Cli& cli);

}  // namespace am::cli
