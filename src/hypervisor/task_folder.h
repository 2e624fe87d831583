// run/tasks/<pid>/: what is known of a task on disk, before, while and after it runs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/unique_fd.h"
#include "ipc/messages.h"

namespace am::hypervisor {

// The folder's files: spec.json (the intent), own (a link to the task's own folder while it runs), lock and
// started (the observer's), observer.sock, group (of a slot), output.log, output.idx, exit.json (the end),
// acknowledged (the manager has it).
//
// The own folder holds what the task itself may reach: its socket, and the file that ompy reads. Tasks of the
// shared container have theirs in its memory, /run/am/<random>, others in run/own/tasks/<random>. Nobody but
// us can list those: who has not been told the name does not get in.
inline constexpr const char* kGroupFile = "group";

class TaskFolder {
 public:
  TaskFolder(const std::string& tasks_root, const std::string& pid);

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string own_folder() const { return path_ + "/own"; }
  // Its name; empty when there is none.
  [[nodiscard]] std::string own_name() const;
  // Of an isolated task's own container.
  [[nodiscard]] std::string container_folder() const { return path_ + "/container"; }
  [[nodiscard]] std::string task_file() const { return own_folder() + "/task.json"; }

  // Makes the folder, which is the platform's own, and in `own_folders` (absolute) the task's, with what
  // create() will fill.
  Result<void> make(const std::string& own_folders) const;
  // Removes the task's; the link to it stays.
  void remove_own() const;
  // Writes the intent into it; `task_params` is the JSON of ompy's TASK_PARAMS.
  Result<void> create(const ipc::TaskSpec& spec, const std::string& task_params) const;
  // Whether there is a folder, of an earlier attempt at least.
  [[nodiscard]] bool made() const;
  // Takes the folder of a slot, whose observer waits in it.
  Result<void> take_over(const std::string& slot_folder) const;
  // The name of the task's control groups: its pid, or that of the slot that it has got.
  [[nodiscard]] std::string group() const;
  [[nodiscard]] bool exists() const;
  [[nodiscard]] Result<ipc::TaskSpec> read_spec() const;

  // The end, once the observer has written it (or write_end() in its place).
  [[nodiscard]] Result<std::optional<ipc::TaskEnd>> read_end() const;
  [[nodiscard]] Result<void> write_end(const ipc::TaskEnd& end) const;

  [[nodiscard]] bool started() const;
  // Whether a living observer holds the folder.
  [[nodiscard]] bool observed() const;

  [[nodiscard]] bool acknowledged() const;
  Result<void> acknowledge() const;

 private:
  [[nodiscard]] std::string spec_file() const { return path_ + "/spec.json"; }
  [[nodiscard]] bool has(const char* name) const;
  std::string path_;
};

// The pids that have a folder.
Result<std::vector<std::string>> task_folders(const std::string& tasks_root);

}  // namespace am::hypervisor
