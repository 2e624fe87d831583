// Which interpreters wait for tasks; the same for `am up` and `am hypervisor`.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "hypervisor/slot_options.h"

namespace am::app {

void add_slot_options(CLI::App& command, hypervisor::SlotOptions& options);

// The same on the command line of another `am`.
std::vector<std::string> slot_arguments(const hypervisor::SlotOptions& options);

}  // namespace am::app
