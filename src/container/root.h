// The container's root filesystem: the image below, what tasks change above it on disk, and the mounted
// folders.
#pragma once

#include <string>

#include "base/error.h"
#include "ipc/messages.h"

namespace am::container {

// Makes it this process's root. Needs a private mount namespace of its own; the current folder is
// spec.folder. Returns what this machine cannot do and what that means for tasks, empty when it can do
// everything.
Result<std::string> enter_root(const ipc::ContainerSpec& spec);

}  // namespace am::container
