// What a task sees when it starts: command line, environment, folder.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ipc/messages.h"
#include "process/cgroup.h"

namespace am::hypervisor {

// The socket of a task, there (docs/PROTOCOL.md, "Task and hypervisor").
inline constexpr const char* kTaskSocketName = "task.sock";

// The places on this machine; all absolute.
struct Places {
  std::string sources;      // applications: <sources>/Manual-N9IBvh
  std::string workdirs;     // <workdirs>/<pid>
  std::string venvs;        // <venvs>/default
  std::string tasks;        // run/tasks
  std::string slots;        // run/slots
  std::string own;          // run/own/tasks
  std::string containers;   // run/containers
  std::string python_path;  // the folder that holds ompy
};

// The same places in a task's own eyes.
struct TaskView {
  std::string sources;
  std::string workdirs;
  std::string venvs;
  std::string python_path;
  std::string own;  // its socket and its parameters
};
// Inside the task container...
extern const TaskView kTaskView;
// ...and on the machine itself.
TaskView host_view(const Places& places, const std::string& pid);
// The same container has folders of many tasks; `own_name` is one task's.
TaskView container_view(const std::string& own_name);

// Where tasks run, if not on the machine itself.
class TaskHost;

// What is the same for every task of this hypervisor.
struct TaskDefaults {
  TaskLimits limits;                // shown to the task as DEFAULT_TASK_…
  std::uint16_t resource_port = 0;  // RESOURCE_SERVER_LOCAL_PORT
  std::uint32_t process_limit = 512;
  std::uint32_t grace_ms = 2000;
  process::CgroupFolders cgroups;
  std::vector<std::string> environment;     // "NAME=value" of this process that tasks may see
  std::uint32_t descriptor_limit = 16'384;  // open descriptors of one process
  bool sources_writable = false;            // then tasks leave .pyc files there
  const TaskHost* host = nullptr;           // nothing: the machine itself
};

// The variables of this process's environment that tasks get: LANG, TZ and the proxies. PATH is made from it,
// too.
std::vector<std::string> passed_on_environment();

ipc::RunCommand run_command(const ipc::TaskSpec& spec, const Places& places, const TaskDefaults& defaults);

// An interpreter of that environment that waits for a task; `slot` is its name.
ipc::RunCommand slot_command(const std::string& slot, const std::string& venv, const Places& places,
                             const TaskDefaults& defaults);

// As the task sees them.
TaskView view_of(const ipc::TaskSpec& spec, const Places& places, const TaskDefaults& defaults);
std::string application_path(const ipc::TaskSpec& spec, const TaskView& view);
std::string output_path(const ipc::TaskSpec& spec, const TaskView& view);

}  // namespace am::hypervisor
