#include "manager/open_tasks.h"

#include <algorithm>

namespace am::manager {

OpenTaskPtr OpenTasks::add(storage::TaskRow row) {
  row.start_params.clear();
  row.start_params.shrink_to_fit();
  auto task = std::make_shared<OpenTask>(executor_, std::move(row));
  if (task->row.state == TaskState::queued) {
    queues_[task->row.venv].push_back(task->row.pid);
    ++queued_;
  } else {
    ++assigned_[task->row.hypervisor_id];
  }
  if (!task->row.parent_pid.empty()) ++children_[task->row.parent_pid];
  tasks_.emplace(task->row.pid, task);
  return task;
}

OpenTaskPtr OpenTasks::find(const std::string& pid) const {
  const auto found = tasks_.find(pid);
  return found == tasks_.end() ? nullptr : found->second;
}

void OpenTasks::assign(OpenTask& task, const std::string& hypervisor_id) {
  leave_queue(task);
  task.row.state = TaskState::starting;
  task.row.hypervisor_id = hypervisor_id;
  ++assigned_[hypervisor_id];
}

void OpenTasks::remove(const OpenTaskPtr& task) {
  if (task->row.hypervisor_id.empty()) {
    leave_queue(*task);
  } else if (--assigned_[task->row.hypervisor_id] == 0) {
    assigned_.erase(task->row.hypervisor_id);
  }
  if (const auto siblings = children_.find(task->row.parent_pid);
      siblings != children_.end() && --siblings->second == 0) {
    children_.erase(siblings);
  }
  tasks_.erase(task->row.pid);
}

void OpenTasks::leave_queue(const OpenTask& task) {
  const auto queue = queues_.find(task.row.venv);
  // The first is the usual case; another leaves when it is stopped while it waits.
  const auto place = std::ranges::find(queue->second, task.row.pid);
  queue->second.erase(place);
  if (queue->second.empty()) queues_.erase(queue);
  --queued_;
}

std::uint32_t OpenTasks::assigned_to(const std::string& hypervisor_id) const {
  const auto found = assigned_.find(hypervisor_id);
  return found == assigned_.end() ? 0 : found->second;
}

std::vector<OpenTaskPtr> OpenTasks::of_hypervisor(std::string_view hypervisor_id) const {
  std::vector<OpenTaskPtr> found;
  for (const auto& [pid, task] : tasks_) {
    if (task->row.hypervisor_id == hypervisor_id) found.push_back(task);
  }
  // In the order of creation, so that what is sent again is sent in order.
  std::ranges::sort(found, {}, [](const OpenTaskPtr& task) { return task->row.sequence; });
  return found;
}

std::vector<std::string> OpenTasks::queued_venvs() const {
  std::vector<std::string> venvs;
  for (const auto& [venv, queue] : queues_) venvs.push_back(venv);
  return venvs;
}

OpenTaskPtr OpenTasks::first_queued(const std::string& venv) const {
  const auto queue = queues_.find(venv);
  return queue == queues_.end() ? nullptr : find(queue->second.front());
}

std::size_t OpenTasks::children_of(const std::string& pid) const {
  const auto found = children_.find(pid);
  return found == children_.end() ? 0 : found->second;
}

std::size_t OpenTasks::count(TaskState state) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(tasks_, [state](const auto& entry) { return entry.second->row.state == state; }));
}

}  // namespace am::manager
