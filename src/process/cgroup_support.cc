// Which cgroups this machine lets us use: found once, when a hypervisor starts.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <filesystem>

#include "base/files.h"
#include "process/cgroup.h"
#include "process/cgroup_members.h"
#include "process/cgroup_mounts.h"

namespace am::process {
namespace {

constexpr std::uint64_t kProbeBytes = 64ULL << 20;
constexpr std::uint32_t kProbeProcesses = 16;

std::string join(const std::string& mount, const std::string& path) {
  return path == "/" ? mount : mount + path;
}

bool is_folder(const std::string& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

bool make_folder(const std::string& path) { return ::mkdir(path.c_str(), 0755) == 0 || errno == EEXIST; }

// Controllers for the children of a v2 group. EBUSY: the group holds processes itself, so it cannot have
// them.
bool enable_controllers(const std::string& group) {
  const std::string file = group + "/cgroup.subtree_control";
  const UniqueFd fd(::open(file.c_str(), O_WRONLY | O_CLOEXEC));
  return fd && write_all(fd.get(), "+memory +pids").has_value();
}

// Whether a task's group can really be made there.
Result<void> probe(const CgroupFolders& folders) {
  const auto group =
      TaskCgroup::create(folders, fmt::format("probe-{}", ::getpid()), kProbeBytes, kProbeProcesses);
  return group ? Result<void>{} : pass_on(group);
}

// A v2 folder for `name` below this process's own group or, failing that, below the root of the hierarchy.
std::string prepare_unified(const CgroupMounts& mounts, const std::string& own, const std::string& name,
                            bool with_controllers) {
  for (const std::string& parent : {join(mounts.unified, own), mounts.unified}) {
    if (!is_folder(parent) || (with_controllers && !enable_controllers(parent))) continue;
    const std::string folder = parent + "/" + name;
    if (!make_folder(folder) || (with_controllers && !enable_controllers(folder))) continue;
    return folder;
  }
  return "";
}

std::string prepare_v1(const std::string& mount, const std::string& own, const std::string& name) {
  if (mount.empty()) return "";
  for (const std::string& parent : {join(mount, own), mount}) {
    const std::string folder = parent + "/" + name;
    if (is_folder(parent) && make_folder(folder)) return folder;
  }
  return "";
}

}  // namespace

CgroupSupport prepare_cgroups(const std::string& name) {
  const std::string mountinfo = read_file("/proc/self/mountinfo").value_or("");
  const std::string self = read_file("/proc/self/cgroup").value_or("");
  const CgroupMounts mounts = parse_mounts(mountinfo);
  CgroupSupport support;

  if (!mounts.unified.empty() && mounts.memory_v1.empty()) {
    const std::string folder = prepare_unified(mounts, own_path(self, ""), name, true);
    support.folders = {folder, folder, folder};
    const auto works = folder.empty() ? Result<void>(fail(ErrorCode::unavailable, "no delegated group"))
                                      : probe(support.folders);
    if (works) {
      support.description = "cgroup v2: " + folder;
      return support;
    }
    remove_cgroups(support.folders);
    support = {};
    support.description = "cgroup v2 cannot be used (" + works.error().message + "); ";
  } else if (!mounts.memory_v1.empty()) {
    support.folders.memory = prepare_v1(mounts.memory_v1, own_path(self, "memory"), name);
    support.folders.pids = prepare_v1(mounts.pids_v1, own_path(self, "pids"), name);
    if (!mounts.unified.empty()) {
      support.folders.unified = prepare_unified(mounts, own_path(self, ""), name, false);
    }
    const auto works =
        support.folders.memory.empty()
            ? Result<void>(fail(ErrorCode::unavailable, "no group can be made below {}", mounts.memory_v1))
            : probe(support.folders);
    if (works) {
      support.description =
          fmt::format("cgroup v1: memory {}, pids {}, kill {}", support.folders.memory,
                      support.folders.pids.empty() ? "by counting" : support.folders.pids,
                      support.folders.unified.empty() ? "by walking the tree" : support.folders.unified);
      return support;
    }
    remove_cgroups(support.folders);
    support = {};
    support.description = "cgroup v1 cannot be used (" + works.error().message + "); ";
  } else {
    support.description = "no cgroup hierarchy is mounted; ";
  }
  support.description += "memory and processes of each task are polled instead";
  return support;
}

void remove_cgroups(const CgroupFolders& folders) {
  for (const std::string& folder : {folders.unified, folders.memory, folders.pids}) {
    if (folder.empty()) continue;
    // Groups that a killed observer left, then the folder itself; those with processes stay.
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
      if (entry->is_directory(error)) ::rmdir(entry->path().c_str());
    }
    ::rmdir(folder.c_str());
  }
}

bool end_leftovers(const CgroupFolders& folders, const std::string& name) {
  for (const std::string& parent : {folders.unified, folders.memory, folders.pids}) {
    if (parent.empty()) continue;
    const std::string folder = parent + "/" + name;
    const UniqueFd kill(::open((folder + "/cgroup.kill").c_str(), O_WRONLY | O_CLOEXEC));
    if (kill && write_all(kill.get(), "1")) continue;
    for (const pid_t pid : processes_in(folder)) signal_member(folder, pid, SIGKILL);
  }
  bool gone = true;
  for (const std::string& parent : {folders.unified, folders.memory, folders.pids}) {
    if (!parent.empty()) gone = (::rmdir((parent + "/" + name).c_str()) == 0 || errno == ENOENT) && gone;
  }
  return gone;
}

}  // namespace am::process
