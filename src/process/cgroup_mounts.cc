#include "process/cgroup_mounts.h"

#include <vector>

namespace am::process {
namespace {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) break;
    text.remove_prefix(at + 1);
  }
  return parts;
}

bool has_word(std::string_view list, std::string_view word) {
  for (const std::string_view part : split(list, ',')) {
    if (part == word) return true;
  }
  return false;
}

}  // namespace

CgroupMounts parse_mounts(std::string_view mountinfo) {
  CgroupMounts mounts;
  for (const std::string_view line : split(mountinfo, '\n')) {
    const std::size_t dash = line.find(" - ");
    if (dash == std::string_view::npos) continue;
    const auto before = split(line.substr(0, dash), ' ');
    const auto after = split(line.substr(dash + 3), ' ');
    if (before.size() < 5 || after.size() < 3) continue;
    const std::string point(before[4]);
    if (after[0] == "cgroup2" && mounts.unified.empty()) mounts.unified = point;
    if (after[0] != "cgroup") continue;
    if (has_word(after[2], "memory")) mounts.memory_v1 = point;
    if (has_word(after[2], "pids")) mounts.pids_v1 = point;
  }
  return mounts;
}

std::string own_path(std::string_view self_cgroup, std::string_view controller) {
  for (const std::string_view line : split(self_cgroup, '\n')) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) continue;
    const std::string_view controllers = line.substr(first + 1, second - first - 1);
    const bool matches = controller.empty() ? controllers.empty() : has_word(controllers, controller);
    if (matches) return std::string(line.substr(second + 1));
  }
  return "/";
}

}  // namespace am::process
