// User namespaces that nobody lives in: mappings of owners for idmapped mounts.
#pragma once

#include <string>

#include "base/error.h"
#include "base/unique_fd.h"

namespace am::process {

// The maps are lines of /proc/<pid>/uid_map and gid_map, see user_namespaces(7).
Result<UniqueFd> make_user_namespace(const std::string& user_map, const std::string& group_map);

}  // namespace am::process
