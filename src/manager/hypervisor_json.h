// Hypervisors and their virtual environments as the API shows them.
#pragma once

#include "manager/hypervisors.h"
#include "manager/json.h"
#include "manager/open_tasks.h"

namespace am::manager {

// [{"id","name","version","capacity","running","venvs":[name],"connectedAt"}]
json::array hypervisors_json(const Hypervisors& hypervisors, const OpenTasks& open);

// [{"name","pythonVersion","packages":[...],"note","hypervisors":[id]}]: hypervisors with the same
// environment share one entry, one that differs has its own.
json::array venvs_json(const Hypervisors& hypervisors);

}  // namespace am::manager
