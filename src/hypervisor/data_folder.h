// The hypervisor's part of the data folder: who it is, what it shares, where things lie.
#pragma once

#include <string>

#include "base/error.h"
#include "base/unique_fd.h"
#include "hypervisor/installation.h"
#include "hypervisor/options.h"
#include "hypervisor/task_surroundings.h"

namespace am::hypervisor {

// Makes the folders that tasks need; all paths are absolute.
Result<Places> prepare_places(const HypervisorOptions& options, const Installation& installation);

// Held for the daemon's life: two hypervisors on one data folder would both take the tasks back.
Result<UniqueFd> lock_data(const std::string& run_dir);

// This hypervisor's id, made at its first start: the manager knows its tasks by it.
Result<std::string> own_id(const std::string& run_dir);

// What the manager and its hypervisors share; at least 16 characters.
Result<std::string> read_secret(const HypervisorOptions& options);

}  // namespace am::hypervisor
