// Virtual environments as this hypervisor finds them.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "hypervisor/interpreter.h"
#include "ipc/messages.h"

namespace am::hypervisor {

// Asks an environment's own interpreter for its version, packages and note.txt. `wanted`: a file with a
// package name a line (after # comments); missing ones are named in the note, too.
Result<ipc::VenvInfo> inspect_venv(const InterpreterPlace& place, const std::string& name,
                                   const std::string& wanted, std::chrono::milliseconds at_most);

// Every environment of the folder `venvs` (on this machine) that works; the others are described in
// `problems`.
std::vector<ipc::VenvInfo> inspect_venvs(const std::string& venvs, const InterpreterPlace& place,
                                         const std::string& wanted_by_default,
                                         std::vector<std::string>& problems);

}  // namespace am::hypervisor
