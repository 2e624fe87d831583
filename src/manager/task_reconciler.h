// Brings the store and what hypervisors report together: starts, ends, and what happened while one was away.
#pragma once

#include <map>
#include <set>
#include <string>

#include "manager/hypervisors.h"
#include "manager/task_service.h"

namespace am::manager {

class TaskReconciler : public HypervisorListener {
 public:
  explicit TaskReconciler(TaskService& tasks, Hypervisors& hypervisors)
      : tasks_(tasks), hypervisors_(hypervisors) {}

  void on_inventory(const std::string& hypervisor_id, const std::vector<std::string>& pids) override;
  void on_caught_up(const std::string& hypervisor_id) override;
  void on_task_started(const std::string& hypervisor_id, const ipc::TaskStarted& started) override;
  Result<void> on_task_ended(const std::string& hypervisor_id, const ipc::TaskEnded& ended) override;
  void on_disconnected(const std::string& hypervisor_id) override;

 private:
  // The open task, where this hypervisor has it.
  [[nodiscard]] OpenTaskPtr find(const std::string& hypervisor_id, const std::string& pid) const;
  void settle(const OpenTaskPtr& task);

  TaskService& tasks_;
  Hypervisors& hypervisors_;
  // By hypervisor: open tasks that its inventory did not name, until it has reported the ends that it knows.
  std::map<std::string, std::set<std::string>> missing_;
};

}  // namespace am::manager
