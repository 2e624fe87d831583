#include "hypervisor/task_container.h"

#include <spdlog/spdlog.h>

#include <filesystem>

#include "base/files.h"
#include "base/random.h"
#include "hypervisor/outgoing_network.h"
#include "hypervisor/task_folder.h"
#include "hypervisor/task_users.h"
#include "ipc/codec.h"
#include "process/network_namespace.h"

namespace am::hypervisor {
namespace {

namespace fs = std::filesystem;

constexpr const char* kZones = "/usr/share/zoneinfo/";
constexpr const char* kSettingsFile = "/settings";

// "Europe/Berlin" where /etc/localtime is a link into the zones; empty otherwise.
std::string machine_time_zone() {
  std::error_code error;
  const std::string target = fs::canonical("/etc/localtime", error).string();
  return !error && target.starts_with(kZones) ? target.substr(std::string(kZones).size()) : "";
}

ipc::ContainerSpec common_spec(const ContainerSettings& settings, std::uint32_t user) {
  ipc::ContainerSpec spec;
  spec.image = settings.image.dir;
  spec.user = user;
  spec.host_name = settings.host_name;
  spec.name_server = settings.outgoing ? kInnerNameServer : "";
  spec.time_zone = machine_time_zone();
  spec.folders.push_back({settings.places.python_path, kTaskView.python_path, false, true});
  return spec;
}

ipc::ContainerSpec shared_spec(const ContainerSettings& settings) {
  ipc::ContainerSpec spec = common_spec(settings, kTaskUser);
  const Places& places = settings.places;
  spec.folders.push_back({places.sources, kTaskView.sources, settings.sources_writable, true});
  spec.folders.push_back({places.workdirs, kTaskView.workdirs, true, false});
  spec.folders.push_back({places.venvs, kTaskView.venvs, true, false});
  spec.folders.push_back({"", kTaskView.own, false, false});
  return spec;
}

std::vector<std::string> folders_in(const std::string& folder) {
  std::vector<std::string> found;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    found.push_back(entry->path().string());
  return found;
}

}  // namespace

ipc::ContainerSpec own_container_of(const ipc::TaskSpec& task, const ContainerSettings& settings,
                                    std::uint32_t user) {
  ipc::ContainerSpec spec = common_spec(settings, user);
  const Places& places = settings.places;
  spec.folder = TaskFolder(places.tasks, task.pid).container_folder();
  spec.folders.push_back(
      {places.sources + "/" + task.application_dir, application_path(task, kTaskView), false, true});
  spec.folders.push_back({places.workdirs + "/" + task.pid, output_path(task, kTaskView), true, false});
  spec.folders.push_back({places.venvs, kTaskView.venvs, false, false});
  const std::string own = TaskFolder(places.tasks, task.pid).own_name();
  spec.folders.push_back({places.own + "/" + own, kTaskView.own, false, false});
  return spec;
}

TaskContainer::TaskContainer(container::Container container, std::string folder)
    : container_(std::move(container)), folder_(std::move(folder)) {
  own_folders_ = fmt::format("/proc/{}/root{}", process::number_of(container_.process()), kTaskView.own);
}

Result<TaskContainer> TaskContainer::open(const ContainerSettings& settings) {
  if (auto made = make_folders(settings.places.containers, 0700); !made) return pass_on(made);
  ipc::ContainerSpec spec = shared_spec(settings);
  const std::string wanted = ipc::encode(spec);
  std::optional<TaskContainer> taken;
  std::vector<container::Container> former;
  for (const std::string& folder : folders_in(settings.places.containers)) {
    auto living = container::Container::find(folder);
    if (!living) return pass_on(living);
    if (!*living) {
      if (auto removed = container::remove_container_folder(folder); !removed)
        spdlog::warn("{}", removed.error().message);
    } else if (!taken && read_file(folder + kSettingsFile).value_or("") == wanted) {
      taken.emplace(TaskContainer(std::move(**living), folder));
      taken->taken_back_ = true;
    } else {
      former.push_back(std::move(**living));
    }
  }
  if (!taken) {
    spec.folder = settings.places.containers + "/" + random_uuid().substr(0, 8);
    const auto log = open_log(settings.places.containers + ".log");
    if (!log) return pass_on(log);
    const auto held = image::hold_image(settings.image.dir);
    if (!held) return pass_on(held);
    auto made = container::Container::start(
        {.program = settings.program, .held = held->get(), .log = log->get()}, spec);
    if (!made) {
      if (auto removed = container::remove_container_folder(spec.folder); !removed)
        spdlog::warn("{}", removed.error().message);
      return pass_on(made);
    }
    taken.emplace(TaskContainer(std::move(*made), spec.folder));
    if (auto written = write_file_atomically(spec.folder + kSettingsFile, wanted); !written)
      spdlog::warn("{}", written.error().message);  // the next hypervisor makes a container of its own then
  }
  taken->former_ = std::move(former);
  return std::move(*taken);
}

void TaskContainer::end_former() {
  for (container::Container& container : former_) {
    if (auto ended = container.end(); !ended) spdlog::warn("{}", ended.error().message);
  }
  former_.clear();
}

void TaskContainer::end() {
  end_former();
  if (auto ended = container_.end(); !ended) spdlog::warn("{}", ended.error().message);
}

}  // namespace am::hypervisor
