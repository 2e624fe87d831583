// What running tasks ask for, through their hypervisors: child tasks, waiting, stopping, messages.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "loop/task_group.h"
#include "manager/hypervisors.h"
#include "manager/task_messages.h"
#include "manager/task_service.h"

namespace am::manager {

class TaskRequests : public TaskTalk {
 public:
  TaskRequests(const asio::any_io_executor& executor, TaskService& tasks, TaskMessages& messages,
               storage::AccountStore& accounts, Hypervisors& hypervisors);

  void on_request(const std::string& hypervisor_id, const ipc::TaskRequest& request) override;
  void on_cancel(const std::string& hypervisor_id, std::uint64_t request_id) override;
  void on_message_taken(const std::string& hypervisor_id, const ipc::MessageTaken& taken) override;
  void on_status(const std::string& hypervisor_id, const ipc::TaskStatus& status) override;
  void on_caught_up(const std::string& hypervisor_id) override;
  void on_disconnected(const std::string& hypervisor_id) override;

  // Ends the waits; before the end.
  Awaitable<> stop();

 private:
  struct Asker {
    std::string hypervisor_id;
    std::uint64_t request_id = 0;
    auto operator<=>(const Asker&) const = default;
  };

  Result<json::object> start(const Asker& asker, const std::string& parent_pid, const json::object& request);
  Result<json::object> stop_task(const std::string& asking_pid, const json::object& request);
  Result<json::object> send_message(const json::object& request);
  Result<json::object> locate(const json::object& request);
  Result<void> wait(const Asker& asker, const json::object& request);
  Awaitable<> wait_until_closed(Asker asker, OpenTaskPtr task);
  void answer(const Asker& asker, const Result<json::object>& result);

  TaskService& tasks_;
  TaskMessages& messages_;
  storage::AccountStore& accounts_;
  Hypervisors& hypervisors_;
  TaskGroup waits_;
  std::map<Asker, TaskGroup::CancelHandle> waiting_;
};

}  // namespace am::manager
