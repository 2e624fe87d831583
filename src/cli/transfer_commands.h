// am app import, export: whole applications in and out.
#pragma once

#include "cli/command.h"

namespace am::cli {

void add_transfer_commands(CLI::App& app_group, Cli& cli);

}  // namespace am::cli
