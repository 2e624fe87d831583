// am completion, and the hidden am __complete that the generated scripts ask for names.
#pragma once

#include "cli/command.h"

namespace am::cli {

void add_completion_command(CLI::App& root, Cli& cli);

}  // namespace am::cli
