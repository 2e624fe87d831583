// The whole command line of the client: every command but the daemons.
#pragma once

#include "cli/command.h"

namespace am::cli {

void add_client_commands(CLI::App& root, Cli& cli);

}  // namespace am::cli
