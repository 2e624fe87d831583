// The connected hypervisors as the rest of the manager sees them, and what they tell. The hub implements the
// one side, the task service the other; tests put a fake in place of either.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "ipc/messages.h"
#include "loop/event.h"

namespace am::manager {

struct HypervisorInfo {
  std::string id;  // stable across its restarts
  std::string name;
  std::string version;
  std::uint32_t capacity = 0;
  std::vector<ipc::VenvInfo> venvs;
  std::string http_host;  // its HTTP side, where output is read
  std::uint16_t http_port = 0;
  std::string http_token;  // new on every start of the hypervisor
  std::int64_t connected_ms = 0;
  std::uint64_t connection = 0;  // numbers the connections: differs after a reconnect
};

class Hypervisors {
 public:
  virtual ~Hypervisors() = default;
  // In the order of their ids. The pointers are valid until the next suspension of the caller.
  [[nodiscard]] virtual std::vector<const HypervisorInfo*> connected() const = 0;
  // Null when that one is not connected.
  [[nodiscard]] virtual const HypervisorInfo* find(std::string_view id) const = 0;
  // Queues a message; false when that one is not connected (or just lost its connection).
  virtual bool send(std::string_view id, const ipc::Message& message) = 0;
  // Notified when one connects or is gone.
  virtual Event& changed() = 0;
};

// Called on the event loop, in the order in which a hypervisor sent things.
class HypervisorListener {
 public:
  virtual ~HypervisorListener() = default;
  // It is connected, and these are the tasks that it holds.
  virtual void on_inventory(const std::string& hypervisor_id, const std::vector<std::string>& pids) = 0;
  // Every end that happened before the connection has been reported.
  virtual void on_caught_up(const std::string& hypervisor_id) = 0;
  virtual void on_task_started(const std::string& hypervisor_id, const ipc::TaskStarted& started) = 0;
  // An error leaves the end unacknowledged and costs the connection: the hypervisor reports it again.
  virtual Result<void> on_task_ended(const std::string& hypervisor_id, const ipc::TaskEnded& ended) = 0;
  virtual void on_disconnected(const std::string& hypervisor_id) = 0;
};

// What the tasks of a hypervisor ask for and say.
class TaskTalk {
 public:
  virtual ~TaskTalk() = default;
  virtual void on_request(const std::string& hypervisor_id, const ipc::TaskRequest& request) = 0;
  virtual void on_cancel(const std::string& hypervisor_id, std::uint64_t request_id) = 0;
  virtual void on_message_taken(const std::string& hypervisor_id, const ipc::MessageTaken& taken) = 0;
  virtual void on_status(const std::string& hypervisor_id, const ipc::TaskStatus& status) = 0;
  // As HypervisorListener's, after it.
  virtual void on_caught_up(const std::string& hypervisor_id) = 0;
  virtual void on_disconnected(const std::string& hypervisor_id) = 0;
};

}  // namespace am::manager
