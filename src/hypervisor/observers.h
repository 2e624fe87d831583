// The observer processes of this hypervisor, and those that it finds again after a restart.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "hypervisor/started_process.h"
#include "ipc/messages.h"
#include "loop/awaitable.h"
#include "loop/task_group.h"
#include "net/byte_channel.h"

namespace am::hypervisor {

// One such process. It watches one task or slot at a time, and outlives this hypervisor when it does so then.
class ObserverProcess;

struct StartedObserver {
  std::shared_ptr<ObserverProcess> process;
  std::shared_ptr<net::ByteChannel> channel;
};

struct ObserverJob {
  std::string task_folder;
  int container = -1;  // a pidfd of the task container's first process
  int launcher = -1;   // the socket of one that forks the interpreter
};

class Observers {
 public:
  // `folder` is shown in the list of processes; their complaints go to `log_file`.
  Observers(asio::any_io_executor executor, TaskGroup& group, std::string program, std::string folder,
            std::string log_file);

  // Gives the order (a RunCommand or PrepareSlot) to one that is free, else to a new one. `on_end` is called
  // if the process ends before finish().
  Result<StartedObserver> start(const ObserverJob& job, const ipc::Message& order,
                                std::function<void()> on_end = {});
  // Waits until it is done with its job, and keeps it for the next one.
  Awaitable<> finish(std::shared_ptr<ObserverProcess> process);
  // Ends those that are free.
  Awaitable<> stop();

 private:
  Result<std::shared_ptr<ObserverProcess>> begin_process();

  asio::any_io_executor executor_;
  TaskGroup& group_;
  std::string program_;
  std::string folder_;
  std::string log_file_;
  std::vector<std::shared_ptr<ObserverProcess>> free_;
};

pid_t number_of(const ObserverProcess& process);
// Whether it has ended, in the middle of its job.
bool has_ended(ObserverProcess& process);

// Connects to the observer that listens in the folder.
Result<std::shared_ptr<net::ByteChannel>> connect_observer(const asio::any_io_executor& executor,
                                                           const std::string& task_folder);

}  // namespace am::hypervisor
