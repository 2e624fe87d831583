// The virtual environment `default`: the installation's own on the machine, the image's Python in a
// container.
#pragma once

#include <string>

#include "base/error.h"
#include "hypervisor/interpreter.h"

namespace am::hypervisor {

// Makes <venvs>/default a link to the environment that the bootstrap made, unless something works there
// already.
Result<void> link_default_venv(const std::string& venvs, const std::string& installed);

// Makes <venvs>/default an environment over the interpreter of an image (a path inside it) with the image's
// packages; one that somebody made there by hand is left as it is. What tasks have installed into it stays,
// also while link_default_venv() has its place. A task user's process in `place` does it, as tasks may have
// laid links there.
Result<void> make_default_venv_of_image(const std::string& venvs, const InterpreterPlace& place,
                                        const std::string& python, const std::string& version);

}  // namespace am::hypervisor
