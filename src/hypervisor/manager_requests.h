// What tasks ask the manager for, until it has answered: over lost connections and restarts of the manager.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>

#include "ipc/messages.h"
#include "loop/event.h"

namespace am::hypervisor {

class ManagerRequests {
 public:
  // False while there is no connection.
  using Send = std::function<bool(const ipc::Message&)>;
  // How long a request waits for a manager that is away.
  static constexpr std::chrono::seconds kPatience{30};

  ManagerRequests(asio::any_io_executor executor, Send send)
      : executor_(std::move(executor)), send_(std::move(send)) {}

  // The answer to `body`, both JSON objects as the task socket has them; an error answer with `unavailable`
  // when the manager has been away for kPatience. The manager hears of a cancelled one.
  Awaitable<std::string> ask(std::string pid, std::string body);

  // The connection stands: everything without an answer is sent (again).
  void on_connected();
  void on_disconnected();
  void on_answer(const ipc::TaskAnswer& answer);

 private:
  struct Pending {
    explicit Pending(const asio::any_io_executor& executor) : changed(executor) {}
    ipc::TaskRequest request;
    std::string answer;
    bool answered = false;
    Event changed;  // answered, or the connection came or went
  };

  asio::any_io_executor executor_;
  Send send_;
  bool connected_ = false;
  std::uint64_t last_id_ = 0;
  std::map<std::uint64_t, Pending*> pending_;  // owned by the coroutines of ask()
};

// {"error":{"code","message"}}, as a task gets it.
std::string error_answer(const Error& error);

}  // namespace am::hypervisor
