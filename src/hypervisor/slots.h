// Which slot a task gets: pools of prepared interpreters, in each environment in use one for plain scripts,
// one for those that talk to the platform, and one for those that want modules which take long to import.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "hypervisor/slot_options.h"
#include "hypervisor/slot_pool.h"

namespace am::hypervisor {

class Slots {
 public:
  Slots(asio::any_io_executor executor, Places places, Observers& observers, SlotOptions options);

  // Removes what an earlier hypervisor left, and begins.
  void start(TaskGroup& group, const TaskDefaults& defaults);
  // One for this task, if it can do and there is one.
  std::optional<Slot> take(const ipc::TaskSpec& task);
  // One that its task could not use.
  void give_back(Slot slot);
  // Ends all of them; start()'s group is cancelled by then.
  Awaitable<> stop();

 private:
  // What the interpreters of a pool have imported already.
  enum class Modules { none, platform, preload };
  SlotPool* pool_of(const std::string& venv, Modules modules);
  [[nodiscard]] const SlotOptions::Modules& preload_of(const std::string& venv) const;
  [[nodiscard]] std::vector<std::string> names_of(const std::string& venv, Modules modules) const;
  [[nodiscard]] Modules wanted_by(const ipc::TaskSpec& task) const;

  asio::any_io_executor executor_;
  Places places_;
  Observers& observers_;
  SlotOptions options_;
  const TaskDefaults* defaults_ = nullptr;
  TaskGroup* group_ = nullptr;
  std::map<std::pair<std::string, Modules>, std::unique_ptr<SlotPool>> pools_;
};

}  // namespace am::hypervisor
