// The tasks of this hypervisor: started, followed, stopped, found again. This is where a task's life is kept.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "hypervisor/observers.h"
#include "hypervisor/slots.h"
#include "hypervisor/task.h"
#include "hypervisor/task_surroundings.h"
#include "ipc/codec.h"
#include "loop/task_group.h"

namespace am::hypervisor {

// Who hears of a task's progress: the link to the manager.
class TaskListener {
 public:
  virtual ~TaskListener() = default;
  virtual void on_started(const Task& task) = 0;
  virtual void on_ended(Task& task) = 0;
};

// Where tasks reach this hypervisor: their sockets.
class TaskDoors {
 public:
  virtual ~TaskDoors() = default;
  // Before the task's first process. `listening`: the socket, where it is made already.
  virtual Result<void> open(const std::shared_ptr<Task>& task, UniqueFd listening) = 0;
  // The task is over.
  virtual void close(Task& task) = 0;
};

class Tasks {
 public:
  Tasks(asio::any_io_executor executor, TaskGroup& group, Places places, TaskDefaults defaults,
        Observers& observers);
  void set_listener(TaskListener* listener) { listener_ = listener; }
  void set_doors(TaskDoors* doors) { doors_ = doors; }
  // Where interpreters wait for tasks; they are made from this one's defaults.
  void set_slots(Slots* slots) { slots_ = slots; }
  [[nodiscard]] const TaskDefaults& defaults() const { return defaults_; }

  // RESOURCE_SERVER_LOCAL_PORT of tasks to come.
  void set_resource_port(std::uint16_t port) { defaults_.resource_port = port; }

  // Takes back what run/tasks holds from an earlier life: living observers, ends that nobody acknowledged.
  Result<void> recover();

  // Starts the task, once: a pid that is known only has its state reported again. What prevents the start
  // becomes its end (failed_to_start).
  void start(const ipc::TaskSpec& spec);
  void stop(const std::string& pid, const std::string& by);
  // The manager has the end: the task is only on disk from now on.
  void acknowledge(const std::string& pid);

  [[nodiscard]] std::shared_ptr<Task> find(const std::string& pid) const;
  // The same, waiting for a start that is on its way; nothing when it has not come in time.
  Awaitable<std::shared_ptr<Task>> wait_for(std::string pid, std::chrono::steady_clock::duration at_most);
  [[nodiscard]] TaskFolder folder(const std::string& pid) const { return {places_.tasks, pid}; }

  [[nodiscard]] std::vector<std::string> open_pids() const;
  [[nodiscard]] std::vector<std::shared_ptr<Task>> unacknowledged() const;
  // Those that are not over.
  [[nodiscard]] std::vector<std::shared_ptr<Task>> open() const;
  [[nodiscard]] std::uint32_t open_count() const;
  // Stops every open task and returns once all have ended.
  Awaitable<> stop_all(std::string by);

 private:
  std::shared_ptr<Task> add(const ipc::TaskSpec& spec);
  Result<void> make_places(const Task& task, const std::optional<Slot>& slot) const;
  Result<StartedObserver> begin(const std::shared_ptr<Task>& task);
  Result<StartedObserver> begin_with(const std::shared_ptr<Task>& task, std::optional<Slot>& slot);
  [[nodiscard]] ipc::RunCommand command_of(const Task& task) const;
  Result<StartedObserver> start_cold(const Task& task);
  void launch(const std::shared_ptr<Task>& task);
  Awaitable<> launch_after_the_answer(std::shared_ptr<Task> task);
  void take_back(const std::shared_ptr<Task>& task);
  Awaitable<> run(std::shared_ptr<Task> task, std::shared_ptr<net::ByteChannel> channel,
                  std::shared_ptr<ObserverProcess> process);
  Awaitable<> follow_to_the_end(std::shared_ptr<Task> task, std::shared_ptr<net::ByteChannel> channel);
  Awaitable<> follow(std::shared_ptr<Task> task, std::shared_ptr<net::ByteChannel> channel);
  Awaitable<std::shared_ptr<net::ByteChannel>> reconnect(std::shared_ptr<Task> task);
  bool take_messages(Task& task, ipc::FrameDecoder& decoder);
  Awaitable<> report_start(std::shared_ptr<Task> task);
  Awaitable<> settle(std::shared_ptr<Task> task);
  Awaitable<> end_leftovers(std::shared_ptr<Task> task);
  void handle(Task& task, const ipc::Message& message);
  void finish(Task& task, ipc::TaskEnd end);
  void finish_unobserved(Task& task, OutcomeKind kind, std::string message);

  asio::any_io_executor executor_;
  TaskGroup& group_;
  Places places_;
  TaskDefaults defaults_;
  Observers& observers_;
  TaskListener* listener_ = nullptr;
  TaskDoors* doors_ = nullptr;
  Slots* slots_ = nullptr;
  std::unordered_map<std::string, std::shared_ptr<Task>> tasks_;
  Event changed_;  // a task was added, or one has ended
};

}  // namespace am::hypervisor
