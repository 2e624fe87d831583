// Observers as this hypervisor reaches them: started fresh, or found again after a restart.
#pragma once

#include <memory>
#include <string>

#include "base/error.h"
#include "ipc/messages.h"
#include "loop/awaitable.h"
#include "net/byte_channel.h"
#include "process/child.h"

namespace am::hypervisor {

// A started observer. It outlives this process: the handle never kills.
class ObserverProcess {
 public:
  explicit ObserverProcess(process::Child child) : child_(std::move(child)) {}
  ObserverProcess(ObserverProcess&&) = default;
  ObserverProcess& operator=(ObserverProcess&&) = default;
  ~ObserverProcess() { child_.detach(); }

  // Reaps it when it has.
  [[nodiscard]] bool ended();
  // Waits for its end and reaps it.
  Awaitable<> reap();

 private:
  process::Child child_;
};

struct StartedObserver {
  ObserverProcess process;
  std::shared_ptr<net::ByteChannel> channel;
};

// Starts `program` for the task folder and gives it the order (a RunCommand or PrepareSlot). Its complaints
// go to `log_file`. `container`: a pidfd of the task container's first process, or -1.
Result<StartedObserver> start_observer(const asio::any_io_executor& executor, const std::string& program,
                                       const std::string& task_folder, const std::string& log_file,
                                       int container, const ipc::Message& order);

// Connects to the observer that listens in the folder.
Result<std::shared_ptr<net::ByteChannel>> connect_observer(const asio::any_io_executor& executor,
                                                           const std::string& task_folder);

}  // namespace am::hypervisor
