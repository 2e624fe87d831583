#include "hypervisor/task_place.h"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include "hypervisor/default_venv.h"
#include "hypervisor/image_choice.h"

namespace am::hypervisor {
namespace {

std::string machine_name() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "tasks";
}

Result<std::unique_ptr<TaskHost>> open_container(const asio::any_io_executor& executor,
                                                 const HypervisorOptions& options,
                                                 const Installation& installation, const Places& places,
                                                 const process::CgroupFolders& cgroups,
                                                 image::ImageInfo image) {
  if (cgroups.unified.empty()) {
    return fail(ErrorCode::unavailable,
                "a task container needs the unified cgroup hierarchy (cgroup v2, also beside v1), to know "
                "all processes of a task");
  }
  TaskHost::Settings settings;
  settings.container = {.image = std::move(image),
                        .program = installation.container,
                        .host_name = machine_name(),
                        .sources_writable = options.sources_writable,
                        .outgoing = options.outgoing,
                        .places = places};
  settings.isolation = options.isolation;
  settings.network_log = places.containers + ".network.log";
  return TaskHost::open(executor, std::move(settings));
}

}  // namespace

Result<std::unique_ptr<TaskHost>> open_task_place(const asio::any_io_executor& executor,
                                                  const HypervisorOptions& options,
                                                  const Installation& installation, const Places& places,
                                                  const process::CgroupFolders& cgroups) {
  auto choice = choose_image(options.image, installation.image);
  if (!choice) return pass_on(choice);
  if (choice->image) {
    auto host = open_container(executor, options, installation, places, cgroups, std::move(*choice->image));
    if (host) {
      spdlog::info("{}", (*host)->description());
      return host;
    }
    if (!options.image.empty()) {
      return fail(host.error().code, "the task container cannot be made: {}; --image none runs tasks without",
                  host.error().message);
    }
    choice->reason = host.error().message;
  }
  if (options.isolation == TaskIsolation::isolated) {
    return fail(ErrorCode::unavailable, "--isolation isolated needs a task container: {}", choice->reason);
  }
  spdlog::warn(
      "tasks run on this machine's own Python, as user {}, with its files, network and the rights of that "
      "user: {}",
      ::geteuid(), choice->reason);
  return nullptr;
}

std::vector<ipc::VenvInfo> look_at_venvs(const Places& places, const Installation& installation,
                                         const TaskHost* host, const process::CgroupFolders& cgroups) {
  InterpreterPlace place{places.venvs, {}, cgroups};
  if (host != nullptr) {
    place = {kTaskView.venvs, host->confinement(), cgroups};
    const image::ImageInfo& image = host->image();
    auto made = make_default_venv_of_image(places.venvs, place, image.python_path, image.python_version);
    if (!made) spdlog::error("{}", made.error().message);
  } else if (auto linked = link_default_venv(places.venvs, installation.default_venv); !linked) {
    spdlog::error("{}", linked.error().message);
  }
  std::vector<std::string> problems;
  auto venvs =
      inspect_venvs(places.venvs, place, installation.python_path + "/environments/default.in", problems);
  for (const std::string& problem : problems) spdlog::error("{}", problem);
  for (const ipc::VenvInfo& venv : venvs) {
    spdlog::info("virtual environment {}: Python {}, {} packages{}{}", venv.name, venv.python_version,
                 venv.packages.size(), venv.note.empty() ? "" : "; ", venv.note);
  }
  return venvs;
}

}  // namespace am::hypervisor
