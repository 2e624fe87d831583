#include "hypervisor/task_surroundings.h"

#include <fmt/format.h>

#include <cstdlib>

#include "hypervisor/task_folder.h"
#include "hypervisor/task_host.h"

namespace am::hypervisor {
namespace {

constexpr std::size_t kLongestPath = 4096;
constexpr const char* kPassedOn[] = {"LANG",        "LC_ALL",   "TZ",        "http_proxy",
                                     "https_proxy", "no_proxy", "all_proxy", "HTTP_PROXY",
                                     "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"};

bool has_name(const std::vector<std::string>& environment, const std::string& name) {
  for (const std::string& entry : environment) {
    if (entry.starts_with(name + "=")) return true;
  }
  return false;
}

std::string variable_or(const char* name, const std::string& otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : otherwise;
}

}  // namespace

std::vector<std::string> passed_on_environment() {
  std::vector<std::string> passed;
  for (const char* name : kPassedOn) {
    if (const char* value = std::getenv(name); value != nullptr)
      passed.push_back(fmt::format("{}={}", name, value));
  }
  // Without any locale a task would print in ASCII on old interpreters.
  if (!has_name(passed, "LANG") && !has_name(passed, "LC_ALL")) passed.emplace_back("LANG=C.UTF-8");
  const TaskLimits product;
  passed.push_back(
      fmt::format("DEFAULT_TASK_TIMEOUT_SEC={}",
                  variable_or("DEFAULT_TASK_TIMEOUT_SEC", fmt::format("{:g}", product.timeout_sec))));
  passed.push_back(
      fmt::format("DEFAULT_TASK_MAX_MEMORY_MB={}",
                  variable_or("DEFAULT_TASK_MAX_MEMORY_MB", fmt::format("{}", product.memory_mb))));
  return passed;
}

const TaskView kTaskView{"/sources", "/workdirs", "/venvs", "/opt/am/python", "/run/am"};

TaskView host_view(const Places& places, const std::string& pid) {
  return {places.sources, places.workdirs, places.venvs, places.python_path,
          TaskFolder(places.tasks, pid).own_folder()};
}

TaskView container_view(const std::string& own_name) {
  TaskView view = kTaskView;
  view.own += "/" + own_name;
  return view;
}

TaskView view_of(const ipc::TaskSpec& spec, const Places& places, const TaskDefaults& defaults) {
  if (defaults.host == nullptr) return host_view(places, spec.pid);
  if (defaults.host->isolates(spec)) return kTaskView;
  return container_view(TaskFolder(places.tasks, spec.pid).own_name());
}

std::string application_path(const ipc::TaskSpec& spec, const TaskView& view) {
  return view.sources + "/" + spec.application_dir;
}

std::string output_path(const ipc::TaskSpec& spec, const TaskView& view) {
  return view.workdirs + "/" + spec.pid;
}

namespace {

constexpr const char* kUsualPath = "/usr/local/bin:/usr/bin:/bin";

std::string binaries_of(const std::string& venv, const TaskView& view) {
  return view.venvs + "/" + venv + "/bin";
}

void add_variable(ipc::RunCommand& command, const char* name, const std::string& value) {
  command.environment.push_back(fmt::format("{}={}", name, value));
}

// What does not depend on the task.
ipc::RunCommand common_command(const std::string& venv, const TaskView& view, const TaskDefaults& defaults) {
  const std::string binaries = binaries_of(venv, view);
  ipc::RunCommand command;
  command.argv = {binaries + "/python"};
  command.process_limit = defaults.process_limit;
  command.descriptor_limit = defaults.descriptor_limit;
  command.grace_ms = defaults.grace_ms;
  command.cgroup_memory = defaults.cgroups.memory;
  command.cgroup_pids = defaults.cgroups.pids;
  command.cgroup_unified = defaults.cgroups.unified;
  command.environment = defaults.environment;
  add_variable(command, "PATH",
               binaries + ":" + (defaults.host != nullptr ? kUsualPath : variable_or("PATH", kUsualPath)));
  add_variable(command, "PYTHONPATH", view.python_path);
  return command;
}

}  // namespace

ipc::RunCommand run_command(const ipc::TaskSpec& spec, const Places& places, const TaskDefaults& defaults) {
  const TaskView view = view_of(spec, places, defaults);
  const std::string application = application_path(spec, view);
  ipc::RunCommand command = common_command(spec.venv, view, defaults);
  command.pid = spec.pid;
  command.script_file = places.sources + "/" + spec.application_dir + "/" + spec.script_path;
  command.argv.push_back(application + "/" + spec.script_path);
  command.working_directory = output_path(spec, view);
  command.limits = spec.limits;
  add_variable(command, "RESOURCE_SERVER_LOCAL_PORT", fmt::format("{}", defaults.resource_port));
  add_variable(command, "AM_PID", spec.pid);
  add_variable(command, "AM_APPLICATION_PATH", application);
  add_variable(command, "AM_TASK_SOCKET", view.own + "/" + kTaskSocketName);
  if (defaults.sources_writable) add_variable(command, "AM_SOURCES_WRITABLE", "1");
  add_variable(command, "AM_TASK_FILE", view.own + "/task.json");
  if (defaults.host != nullptr) defaults.host->confine(spec, command);
  return command;
}

ipc::RunCommand slot_command(const std::string& slot, const std::string& venv, const Places& places,
                             const TaskDefaults& defaults) {
  const TaskView view = defaults.host != nullptr ? kTaskView : host_view(places, slot);
  ipc::RunCommand command = common_command(venv, view, defaults);
  command.pid = slot;
  command.group = slot;
  command.limits = defaults.limits;
  command.working_directory = "/";
  // Long enough for every path; it never exists.
  std::string placeholder;
  while (placeholder.size() < kLongestPath) placeholder += "/waits-for-its-script";
  command.argv.push_back(placeholder);
  add_variable(command, "AM_PLACEHOLDER", placeholder);
  if (defaults.host != nullptr) defaults.host->confine_slot(command);
  return command;
}

}  // namespace am::hypervisor
