// The options of the daemons: am up, am manager, am hypervisor.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace am::app {

// Each sets `action` when its command is chosen. The last gives its command back, for what else belongs below
// it.
void add_up_command(CLI::App& root, std::function<int()>& action);
void add_manager_command(CLI::App& root, std::function<int()>& action);
CLI::App* add_hypervisor_command(CLI::App& root, std::function<int()>& action);

}  // namespace am::app
