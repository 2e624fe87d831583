// Virtual environments as this hypervisor finds them.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "ipc/messages.h"
#include "process/confinement.h"

namespace am::hypervisor {

// Where the environments' interpreters are run: the same folder as tasks see it.
struct VenvView {
  std::string venvs;
  process::Confinement confinement;
};

// Asks an environment's own interpreter for its version and packages. `wanted`: a file with a package name a
// line (after # comments); missing ones are named in the note, behind what note.txt in the environment says.
Result<ipc::VenvInfo> inspect_venv(const std::string& venvs, const VenvView& view,
                                   const std::string& name, const std::string& wanted);

// Every environment of the folder that works; the others are described in `problems`.
std::vector<ipc::VenvInfo> inspect_venvs(const std::string& venvs, const VenvView& view,
                                         const std::string& wanted_by_default, std::vector<std::string>& problems);

}  // namespace am::hypervisor
