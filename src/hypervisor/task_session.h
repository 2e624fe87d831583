// One connection of a task's process: its requests, one after the other, or a bridge connection.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "bridge/task_stream.h"
#include "hypervisor/bridge_connector.h"
#include "hypervisor/manager_link.h"

namespace boost::json {
class object;
}

namespace am::hypervisor {

class TaskSession {
 public:
  TaskSession(std::shared_ptr<Task> task, std::shared_ptr<bridge::TaskStream> stream, ManagerLink& link,
              BridgeConnector& bridge)
      : task_(std::move(task)), stream_(std::move(stream)), link_(link), bridge_(bridge) {}
  ~TaskSession();
  TaskSession(const TaskSession&) = delete;
  TaskSession& operator=(const TaskSession&) = delete;

  // Until the connection ends.
  Awaitable<> run();

 private:
  enum class Next { request, end };

  Awaitable<Next> handle(std::string text);
  Awaitable<Next> answer(std::string json);
  Awaitable<Next> refuse(Error error);
  Awaitable<Next> ask_manager(std::string text);
  Awaitable<Next> read_message();
  Awaitable<Next> take_message(const boost::json::object& request);
  Awaitable<Next> accept_connection();
  Awaitable<Next> connect_to_task(const boost::json::object& request);
  Result<void> set_progress(const boost::json::object& request);

  std::shared_ptr<Task> task_;
  std::shared_ptr<bridge::TaskStream> stream_;
  ManagerLink& link_;
  BridgeConnector& bridge_;
  std::optional<std::uint64_t> leased_;  // the message that was handed out and is not taken yet
  bridge::BridgeConnectionPtr offered_;  // the connection that was offered and is not taken yet
};

}  // namespace am::hypervisor
