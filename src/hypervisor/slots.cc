#include "hypervisor/slots.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <filesystem>

#include "hypervisor/task_folder.h"
#include "hypervisor/task_host.h"
#include "process/cgroup.h"

namespace am::hypervisor {
namespace {

constexpr const char* kDefaultVenv = "default";
// The package of the platform, and what of it says nothing of the task before it is used.
constexpr const char* kPlatformPackage = "ompy";
constexpr const char* kPlatformModules[] = {"ompy.appmanager.communication", "ompy.appmanager.variables"};
constexpr std::size_t kImportsAreWithin = 64 * 1024;  // of a script's beginning

// The parameter {"coldStart": true}. Large parameters are not parsed for the sake of those few that have it.
bool wants_cold_start(const ipc::TaskSpec& task) {
  if (task.script_params.find("\"coldStart\"") == std::string::npos) return false;
  boost::system::error_code malformed;
  const auto params = boost::json::parse(task.script_params, malformed);
  const auto* const wanted = params.is_object() ? params.get_object().if_contains("coldStart") : nullptr;
  return wanted != nullptr && wanted->is_bool() && wanted->get_bool();
}

std::string beginning_of(const std::string& file) {
  const UniqueFd script(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!script) return "";
  std::string text(kImportsAreWithin, '\0');
  const ssize_t size = ::read(script.get(), text.data(), text.size());
  text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return text;
}

}  // namespace

Slots::Slots(asio::any_io_executor executor, Places places, Observers& observers, SlotOptions options)
    : executor_(std::move(executor)),
      places_(std::move(places)),
      observers_(observers),
      options_(std::move(options)) {}

void Slots::start(TaskGroup& group, const TaskDefaults& defaults) {
  defaults_ = &defaults;
  group_ = &group;
  const auto left = task_folders(places_.slots);
  for (const std::string& name : left.value_or(std::vector<std::string>{})) {
    // Its observer ends by itself, as the hypervisor that it waited for is gone; a killed one leaves its
    // groups.
    process::end_leftovers(defaults.cgroups, name);
    TaskFolder(places_.slots, name).remove_own();
    std::error_code ignored;
    std::filesystem::remove_all(places_.slots + "/" + name, ignored);
    std::filesystem::remove(places_.workdirs + "/" + name, ignored);
  }
  if (options_.size == 0) return;
  pool_of(kDefaultVenv, Modules::none);
  pool_of(kDefaultVenv, Modules::platform);
  if (!preload_of(kDefaultVenv).empty()) pool_of(kDefaultVenv, Modules::preload);
}

// Nothing where no such environment is.
SlotPool* Slots::pool_of(const std::string& venv, Modules modules) {
  const auto found = pools_.find({venv, modules});
  if (found != pools_.end()) return found->second.get();
  // A link into the image leads nowhere here, but is there all the same.
  std::error_code error;
  if (!std::filesystem::exists(
          std::filesystem::symlink_status(places_.venvs + "/" + venv + "/bin/python", error)))
    return nullptr;
  SlotPool::Kind kind;
  kind.venv = venv;
  kind.preload = names_of(venv, modules);
  kind.permanent = venv == kDefaultVenv;
  kind.size = modules != Modules::none || !kind.permanent ? std::max(1U, options_.size / 2) : options_.size;
  kind.memory_bytes = options_.memory_mb << 20;
  auto pool = std::make_unique<SlotPool>(executor_, places_, *defaults_, observers_, std::move(kind));
  pool->start(*group_);
  return pools_.emplace(std::pair(venv, modules), std::move(pool)).first->second.get();
}

const SlotOptions::Modules& Slots::preload_of(const std::string& venv) const {
  const auto own = options_.preload_of.find(venv);
  return own == options_.preload_of.end() ? options_.preload : own->second;
}

std::vector<std::string> Slots::names_of(const std::string& venv, Modules modules) const {
  std::vector<std::string> names;
  if (modules != Modules::none) names.assign(std::begin(kPlatformModules), std::end(kPlatformModules));
  const SlotOptions::Modules& preload = preload_of(venv);
  if (modules == Modules::preload) names.insert(names.end(), preload.begin(), preload.end());
  return names;
}

// The script itself says which modules it wants.
Slots::Modules Slots::wanted_by(const ipc::TaskSpec& task) const {
  const std::string script =
      beginning_of(places_.sources + "/" + task.application_dir + "/" + task.script_path);
  const auto names = [&script](const std::string& module) {
    return script.find(module) != std::string::npos;
  };
  if (std::ranges::any_of(preload_of(task.venv), names)) return Modules::preload;
  return names(kPlatformPackage) ? Modules::platform : Modules::none;
}

std::optional<Slot> Slots::take(const ipc::TaskSpec& task) {
  if (options_.size == 0 || defaults_ == nullptr || wants_cold_start(task)) return std::nullopt;
  if (defaults_->host != nullptr && defaults_->host->isolates(task)) return std::nullopt;
  SlotPool* const pool = pool_of(task.venv, wanted_by(task));
  return pool != nullptr ? pool->take() : std::nullopt;
}

// Any pool ends it as well as its own.
void Slots::give_back(Slot slot) { pools_.begin()->second->give_back(std::move(slot)); }

Awaitable<> Slots::stop() {
  for (const auto& [kind, pool] : pools_) co_await pool->stop();
}

}  // namespace am::hypervisor
