// Observers with interpreters that were started before there is a task for them: what makes a start fast.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "hypervisor/observers.h"
#include "hypervisor/task_surroundings.h"
#include "loop/event.h"
#include "loop/task_group.h"

namespace am::hypervisor {

struct Slot {
  std::string name;    // also of its control groups
  std::string folder;  // becomes the task's
  ObserverProcess process;
  std::shared_ptr<net::ByteChannel> channel;
  bool preloaded = false;
};

class Slots {
 public:
  // `size`: interpreters of the environment `default` that are ready while nothing happens; 0: none.
  // `preload`: what they import when they have waited for a while.
  Slots(asio::any_io_executor executor, Places places, std::size_t size, std::vector<std::string> preload);

  // Removes what an earlier hypervisor left, and begins.
  void start(TaskGroup& group, const TaskDefaults& defaults);
  // One for this task, if there is one and it can do.
  std::optional<Slot> take(const ipc::TaskSpec& task);
  // Ends all of them; start()'s group is cancelled by then.
  Awaitable<> stop();

 private:
  Awaitable<> keep_filled();
  Awaitable<bool> prepare();
  Awaitable<> preload_one();
  static Awaitable<> end(Slot slot);
  [[nodiscard]] bool wants_preload() const;
  Result<Slot> begin(const std::string& name);
  Awaitable<Result<void>> wait_until_ready(net::ByteChannel& channel);

  asio::any_io_executor executor_;
  Places places_;
  const TaskDefaults* defaults_ = nullptr;
  std::size_t size_;
  std::vector<std::string> preload_;
  std::deque<Slot> ready_;  // those that have preloaded first
  Event changed_;
};

}  // namespace am::hypervisor
