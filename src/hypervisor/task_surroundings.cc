#include "hypervisor/task_surroundings.h"

#include <fmt/format.h>

#include <cstdlib>

namespace am::hypervisor {
namespace {

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

std::string application_path(const ipc::TaskSpec& spec, const Places& places) {
  return places.sources + "/" + spec.application_dir;
}

std::string output_path(const ipc::TaskSpec& spec, const Places& places) {
  return places.workdirs + "/" + spec.pid;
}

ipc::RunCommand run_command(const ipc::TaskSpec& spec, const Places& places, const TaskDefaults& defaults) {
  const std::string binaries = places.venvs + "/" + spec.venv + "/bin";
  const std::string application = application_path(spec, places);
  ipc::RunCommand command;
  command.pid = spec.pid;
  command.script_file = application + "/" + spec.script_path;
  command.argv = {binaries + "/python", command.script_file};
  command.working_directory = output_path(spec, places);
  command.limits = spec.limits;
  command.process_limit = defaults.process_limit;
  command.grace_ms = defaults.grace_ms;
  command.cgroup_memory = defaults.cgroups.memory;
  command.cgroup_pids = defaults.cgroups.pids;
  command.cgroup_unified = defaults.cgroups.unified;
  command.environment = defaults.environment;
  const auto add = [&command](const char* name, const std::string& value) {
    command.environment.push_back(fmt::format("{}={}", name, value));
  };
  add("PATH", binaries + ":" + variable_or("PATH", "/usr/local/bin:/usr/bin:/bin"));
  add("PYTHONPATH", places.python_path);
  add("RESOURCE_SERVER_LOCAL_PORT", fmt::format("{}", defaults.resource_port));
  add("AM_PID", spec.pid);
  add("AM_APPLICATION_PATH", application);
  add("AM_TASK_SOCKET", places.tasks + "/" + spec.pid + "/" + kTaskSocketName);
  add("AM_TASK_FILE", places.tasks + "/" + spec.pid + "/task.json");
  return command;
}

}  // namespace am::hypervisor
