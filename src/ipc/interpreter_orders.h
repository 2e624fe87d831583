// What an interpreter that waits is told (python/ompy/appmanager/_waiting.py; docs/PROTOCOL.md, "Waiting
// interpreter"): one packet each, fields with a zero byte between them.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ipc/messages.h"

namespace am::ipc {

// A longer one is not read.
inline constexpr std::size_t kLongestOrder = 64 << 10;

// Run the command's script in its folder, with its environment.
std::string run_order(const RunCommand& command);
// Import these modules.
std::string preload_order(const std::vector<std::string>& modules);
// Become a child of the pid namespace's first process.
std::string detach_order();
// Make a copy of yourself, a child of the same parent. Comes with three descriptors: the copy's own orders,
// its standard output and error.
std::string fork_order();
// For such a copy: have the memory that a script writes, and wait again.
std::string take_pages_order();

}  // namespace am::ipc
