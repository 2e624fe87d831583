// The listening end of a task's socket.
#pragma once

#include <string>

#include "base/error.h"
#include "base/unique_fd.h"

namespace am::hypervisor {

// Makes task.sock in the task's own folder; not blocking. Whoever gets there may connect.
Result<UniqueFd> listen_for_task(const std::string& own_folder);

}  // namespace am::hypervisor
