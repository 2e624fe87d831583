// The files below /etc that make the image this container's: its user, its name, its name server.
#pragma once

#include "base/error.h"
#include "ipc/messages.h"

namespace am::container {

// The task user's home inside.
inline constexpr const char* kHome = "/home/task";

// Writes them; this process's root is the container's.
Result<void> write_accounts(const ipc::ContainerSpec& spec);

}  // namespace am::container
