// Where the cgroup hierarchies are mounted and where this process is in them.
#pragma once

#include <string>
#include <string_view>

namespace am::process {

struct CgroupMounts {
  std::string unified;  // mount points; empty: not mounted
  std::string memory_v1;
  std::string pids_v1;
};
// `mountinfo`: the content of /proc/self/mountinfo.
CgroupMounts parse_mounts(std::string_view mountinfo);

// This process's own path in a hierarchy, "/" when unknown. `controller` "" means the unified one.
// `self_cgroup`: the content of /proc/self/cgroup.
std::string own_path(std::string_view self_cgroup, std::string_view controller);

}  // namespace am::process
