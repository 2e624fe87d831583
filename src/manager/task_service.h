// Tasks from the request to the end: accepted, queued, handed to a hypervisor, stopped, closed.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "manager/child_limits.h"
#include "manager/hypervisors.h"
#include "manager/json.h"
#include "manager/open_tasks.h"
#include "manager/placement.h"
#include "manager/start_target.h"
#include "manager/task_metrics.h"
#include "storage/account_store.h"
#include "storage/application_store.h"
#include "storage/task_store.h"

namespace am::manager {

struct StartRequest {
  StartTarget target;
  json::object params;
  std::string parent_pid;  // the task that asks, empty: a person or a program
  std::string pid;         // of the new task; empty: a new one. Asking twice with the same starts one.
};

// What became of a request to stop.
enum class StopProgress {
  closed,     // it was queued, and is over now
  requested,  // its hypervisor was told
  deferred,   // its hypervisor is away and is told once it is back
};
std::string_view explain(StopProgress progress);

class TaskService {
 public:
  struct Options {
    std::string sources;        // the folder that holds the applications' folders
    TaskLimits default_limits;  // for runs that name none
    ChildLimits children;
  };
  // Who hears of a task's steps, on the loop and after they are recorded.
  struct Hooks {
    std::function<void(const std::string& pid)> changed;  // created, a new state, new progress
    std::function<void(const OpenTask&)> handed_over;     // its hypervisor has been sent it
    std::function<void(const std::string& pid)> closed;
  };
  // Tasks that wait for room; more are refused.
  static constexpr std::size_t kQueueLimit = 10'000;
  // Merged parameters as JSON text; they travel in one IPC frame.
  static constexpr std::size_t kParamsLimit = 1U << 20U;

  TaskService(const asio::any_io_executor& executor, Options options, storage::TaskStore& tasks,
              storage::ApplicationStore& applications, storage::AccountStore& accounts,
              Hypervisors& hypervisors, const Placement& placement);

  void set_hooks(Hooks hooks) { hooks_ = std::move(hooks); }

  // Takes the open tasks of the store into memory; once, before anything else.
  Result<void> load();

  // Checks everything before anything is recorded, records the task and hands it to a hypervisor, or queues
  // it while all are full. Gives its pid. unavailable when no hypervisor could take it.
  Result<std::string> start(const storage::User& who, const StartRequest& request);
  // The same in two steps: records it and gives its pid, then hands it to its hypervisor.
  Result<std::string> accept(const storage::User& who, const StartRequest& request);
  void hand_over(const std::string& pid);
  // not_found for an unknown pid, conflict when it is closed already. `by` goes into the outcome's message.
  Result<StopProgress> stop(const std::string& pid, const std::string& by);
  // not_found names the pid.
  Result<storage::TaskRow> get(const std::string& pid);
  Result<std::vector<storage::TaskRow>> list(const storage::TaskFilter& filter);
  Result<std::vector<std::string>> children(const std::string& pid) { return tasks_.children(pid); }
  [[nodiscard]] const OpenTasks& open() const { return open_; }
  // not_found for an unknown pid, conflict when it is closed already.
  Result<OpenTaskPtr> find_open(const std::string& pid);
  // The row as it is now, with what of an open task is only in memory.
  Result<storage::TaskRow> show(const std::string& pid);
  [[nodiscard]] TaskMetrics metrics() const;

  // --- for the reconciler, as a hypervisor reports ---
  void set_progress(OpenTask& task, storage::TaskProgress progress);
  void mark_running(OpenTask& task, std::int64_t started_ms);
  // Stores the end once; false when it was closed already.
  Result<bool> close(const OpenTaskPtr& task, const ipc::TaskEnd& end);
  // Hands the task to its hypervisor (again); harmless where it arrived before.
  Result<void> send_start(const OpenTask& task);
  bool send_stop(const OpenTask& task);
  // Hands queued tasks to hypervisors while there is room.
  void dispatch();

 private:
  [[nodiscard]] Result<std::optional<std::string>> place(const std::string& venv) const;
  Result<storage::TaskRow> prepare(const storage::User& who, const StartRequest& request);
  Result<void> check_family(const StartRequest& request);
  Result<std::optional<std::string>> find_repeated(const StartRequest& request);
  void tell_changed(const std::string& pid) const;
  Result<void> assign(OpenTask& task, const std::string& hypervisor_id);

  Options options_;
  storage::TaskStore& tasks_;
  storage::ApplicationStore& applications_;
  storage::AccountStore& accounts_;
  Hypervisors& hypervisors_;
  const Placement& placement_;
  OpenTasks open_;
  TaskMetrics totals_;
  Hooks hooks_;
};

}  // namespace am::manager
