// Observers with interpreters of one kind that are ready before there is a task for them: what makes a start
// fast (docs/ARCHITECTURE.md, "Slots").
#pragma once

#include <deque>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hypervisor/launcher.h"
#include "hypervisor/observers.h"
#include "hypervisor/packages.h"
#include "hypervisor/task_folder.h"
#include "hypervisor/task_surroundings.h"
#include "loop/event.h"
#include "loop/task_group.h"

namespace am::hypervisor {

struct Slot {
  std::string name;    // also of its control groups
  std::string folder;  // becomes the task's
  std::shared_ptr<ObserverProcess> process;
  std::shared_ptr<net::ByteChannel> channel;
  UniqueFd door;  // the task's socket, listening
};

class SlotPool {
 public:
  struct Kind {
    std::string venv;
    std::vector<std::string> preload;  // modules that its interpreters have imported
    std::size_t size = 0;              // ready while nothing happens; more under load
    std::uint64_t memory_bytes = 0;    // no more is prepared beyond that
    bool permanent = true;             // else it empties when nobody has asked for a while
  };
  SlotPool(asio::any_io_executor executor, const Places& places, const TaskDefaults& defaults,
           Observers& observers, Kind kind);

  void start(TaskGroup& group);
  // One that is ready, or one that a launcher is about to fork; nothing where there is neither.
  std::optional<Slot> take();
  // Ends all of them; start()'s group is cancelled by then.
  Awaitable<> stop();
  // One that its task could not use.
  void give_back(Slot slot);

 private:
  [[nodiscard]] bool forks() const;
  Awaitable<> keep_filled();
  Awaitable<> keep_launcher();
  Awaitable<bool> prepare();
  Awaitable<Result<void>> wait_until_ready(Slot& slot);
  Awaitable<Result<void>> read_ready(net::ByteChannel& channel);
  Result<Slot> begin();
  void renew_when_stale();
  Awaitable<> bury_ended();
  Awaitable<> end_those();
  Awaitable<> shrink();
  Awaitable<> shrink_to(std::size_t size);
  Result<void> make_places(const TaskFolder& folder, const std::string& name) const;
  Awaitable<> end(Slot& slot);
  [[nodiscard]] bool wants_more() const;
  [[nodiscard]] std::uint64_t memory() const;
  [[nodiscard]] std::string workdir_of(const std::string& slot) const {
    return places_.workdirs + "/" + slot;
  }

  asio::any_io_executor executor_;
  const Places& places_;
  const TaskDefaults& defaults_;
  Observers& observers_;
  Kind kind_;
  TaskGroup* group_ = nullptr;
  std::size_t target_;
  std::deque<Slot> ready_;
  std::optional<Slot> preparing_;
  std::list<Slot> ending_;  // no task will get them
  std::unique_ptr<Launcher> launcher_;
  std::unique_ptr<Launcher> starting_;  // the next launcher
  bool launcher_failed_ = false;        // then interpreters are started, not forked
  std::size_t forked_ = 0;              // by this launcher
  std::optional<Packages> packages_;    // of the environment when its launcher began
  bool stale_ = false;                  // they have changed since then
  Event changed_;
  Event renewal_;
};

}  // namespace am::hypervisor
