// task.sock of every open task: where its processes connect to this hypervisor.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "bridge/task_stream.h"
#include "hypervisor/bridge_connector.h"
#include "hypervisor/manager_link.h"
#include "hypervisor/tasks.h"
#include "loop/task_group.h"

namespace am::hypervisor {

class TaskSockets : public TaskDoors {
 public:
  // Connections of one task at the same time, those to its bridge included; more are refused.
  static constexpr std::size_t kConnectionLimit = 1024;

  TaskSockets(asio::any_io_executor executor, TaskGroup& group, ManagerLink& link, BridgeConnector& bridge,
              process::CgroupFolders cgroups)
      : executor_(std::move(executor)),
        group_(group),
        link_(link),
        bridge_(bridge),
        cgroups_(std::move(cgroups)) {}

  Result<void> open(const std::shared_ptr<Task>& task, UniqueFd listening) override;
  void close(Task& task) override;

 private:
  using Acceptor = asio::local::stream_protocol::acceptor;
  struct Door {
    Door(const asio::any_io_executor& executor, std::shared_ptr<Task> the_task)
        : task(std::move(the_task)), acceptor(executor) {}
    std::shared_ptr<Task> task;
    Acceptor acceptor;
    std::size_t connections = 0;
  };

  Awaitable<> accept(std::shared_ptr<Door> door);
  Awaitable<> serve(std::shared_ptr<Door> door, std::shared_ptr<bridge::TaskStream> stream, pid_t peer);

  asio::any_io_executor executor_;
  TaskGroup& group_;
  ManagerLink& link_;
  BridgeConnector& bridge_;
  process::CgroupFolders cgroups_;
  std::unordered_map<std::string, std::shared_ptr<Door>> doors_;  // by the task's pid
};

}  // namespace am::hypervisor
