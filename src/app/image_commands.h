// `am image build` and `am image show`.
#pragma once

#include <CLI/CLI.hpp>

#include "cli/command.h"

namespace am::app {

void add_image_commands(CLI::App& root, cli::Cli& cli);

}  // namespace am::app
