#include "manager/task_reconciler.h"

#include <spdlog/spdlog.h>

#include "base/clock.h"

namespace am::manager {

OpenTaskPtr TaskReconciler::find(const std::string& hypervisor_id, const std::string& pid) const {
  auto task = tasks_.open().find(pid);
  return task != nullptr && task->row.hypervisor_id == hypervisor_id ? task : nullptr;
}

void TaskReconciler::on_inventory(const std::string& hypervisor_id, const std::vector<std::string>& pids) {
  const std::set<std::string> held(pids.begin(), pids.end());
  std::set<std::string>& missing = missing_[hypervisor_id];
  missing.clear();
  for (const OpenTaskPtr& task : tasks_.open().of_hypervisor(hypervisor_id)) {
    if (!held.contains(task->row.pid)) {
      missing.insert(task->row.pid);
    } else {
      // The report of its start was lost with a connection; the end will bring the exact time.
      if (task->row.state == TaskState::starting) tasks_.mark_running(*task, wall_clock_ms());
      if (!task->row.stop_by.empty()) tasks_.send_stop(*task);
    }
    task->changed.notify_all();
  }
  for (const std::string& pid : held) {
    if (find(hypervisor_id, pid) != nullptr) continue;
    spdlog::warn("hypervisor {} runs task {}, which is not open here: it is stopped", hypervisor_id, pid);
    hypervisors_.send(hypervisor_id, ipc::StopTask{pid, "the manager, where the task is not open"});
  }
  tasks_.dispatch();
}

void TaskReconciler::on_caught_up(const std::string& hypervisor_id) {
  const auto missing = missing_.extract(hypervisor_id);
  if (missing.empty()) return;
  for (const std::string& pid : missing.mapped()) {
    if (const auto task = find(hypervisor_id, pid)) settle(task);
  }
}

// The hypervisor neither holds the task nor knows its end.
void TaskReconciler::settle(const OpenTaskPtr& task) {
  const storage::TaskRow& row = task->row;
  Result<void> settled;
  ipc::TaskEnd end;
  end.started_ms = row.started_ms;
  if (row.state == TaskState::running) {
    end.outcome.kind = OutcomeKind::lost;
    end.outcome.message =
        fmt::format("hypervisor {} came back without this task; its end was not observed", row.hypervisor_id);
  } else if (!row.stop_by.empty()) {
    end.outcome.kind = OutcomeKind::stopped;
    end.outcome.message = fmt::format("stopped by {} before it started", row.stop_by);
  } else {
    settled = tasks_.send_start(*task);
    if (!settled) spdlog::error("task {}: {}", row.pid, settled.error().message);
    return;
  }
  if (const auto closed = tasks_.close(task, end); !closed) {
    spdlog::error("task {}: {}", row.pid, closed.error().message);
  }
}

void TaskReconciler::on_task_started(const std::string& hypervisor_id, const ipc::TaskStarted& started) {
  const auto task = find(hypervisor_id, started.pid);
  if (task == nullptr) return;  // a report that was overtaken by the end
  if (const auto missing = missing_.find(hypervisor_id); missing != missing_.end()) {
    missing->second.erase(started.pid);
  }
  tasks_.mark_running(*task, started.started_ms);
}

Result<void> TaskReconciler::on_task_ended(const std::string& hypervisor_id, const ipc::TaskEnded& ended) {
  const auto task = find(hypervisor_id, ended.pid);
  if (task == nullptr) return {};  // closed already: acknowledged again, applied once
  const auto closed = tasks_.close(task, ended.end);
  if (!closed) return pass_on(closed);
  return {};
}

void TaskReconciler::on_disconnected(const std::string& hypervisor_id) {
  missing_.erase(hypervisor_id);
  for (const OpenTaskPtr& task : tasks_.open().of_hypervisor(hypervisor_id)) task->changed.notify_all();
}

}  // namespace am::manager
