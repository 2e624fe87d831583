// Whether this hypervisor's tasks run in a container or on the machine itself, decided and done.
#pragma once

#include <memory>

#include "hypervisor/installation.h"
#include "hypervisor/options.h"
#include "hypervisor/task_host.h"
#include "hypervisor/venvs.h"
#include "process/cgroup.h"

namespace am::hypervisor {

// The container with an image as the options want it; nothing where tasks run on the machine's own Python,
// which the log explains. An error where the container was asked for by name (--image, --isolation isolated)
// and cannot be had.
Result<std::unique_ptr<TaskHost>> open_task_place(const asio::any_io_executor& executor,
                                                  const HypervisorOptions& options,
                                                  const Installation& installation, const Places& places,
                                                  const process::CgroupFolders& cgroups);

// The environments as tasks will find them; makes the default one.
std::vector<ipc::VenvInfo> look_at_venvs(const Places& places, const Installation& installation,
                                         const TaskHost* host, const process::CgroupFolders& cgroups);

}  // namespace am::hypervisor
