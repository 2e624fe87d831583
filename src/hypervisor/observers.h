// Observers as this hypervisor reaches them: started fresh, or found again after a restart.
#pragma once

#include <memory>
#include <string>

#include "base/error.h"
#include "hypervisor/started_process.h"
#include "ipc/messages.h"
#include "loop/awaitable.h"
#include "net/byte_channel.h"

namespace am::hypervisor {

struct StartedObserver {
  StartedProcess process;
  std::shared_ptr<net::ByteChannel> channel;
};

struct ObserverStart {
  std::string program;
  std::string task_folder;
  std::string log_file;  // for its complaints
  int container = -1;    // a pidfd of the task container's first process
  int launcher = -1;     // the socket of one that forks the interpreter
};

// Starts an observer and gives it the order (a RunCommand or PrepareSlot).
Result<StartedObserver> start_observer(const asio::any_io_executor& executor, const ObserverStart& start,
                                       const ipc::Message& order);

// Connects to the observer that listens in the folder.
Result<std::shared_ptr<net::ByteChannel>> connect_observer(const asio::any_io_executor& executor,
                                                           const std::string& task_folder);

}  // namespace am::hypervisor
