// A process that this one has started and that outlives it.
#pragma once

#include "loop/awaitable.h"
#include "process/child.h"

namespace am::hypervisor {

// The handle never kills.
class StartedProcess {
 public:
  explicit StartedProcess(process::Child child) : child_(std::move(child)) {}
  StartedProcess(StartedProcess&&) = default;
  StartedProcess& operator=(StartedProcess&&) = default;
  ~StartedProcess() { child_.detach(); }

  [[nodiscard]] pid_t number() const { return child_.pid(); }
  [[nodiscard]] int pidfd() const { return child_.pidfd(); }
  // Reaps it when it has.
  [[nodiscard]] bool ended();
  // Waits for its end and reaps it.
  Awaitable<> reap();

 private:
  process::Child child_;
};

// Returns once the process behind that pidfd has ended.
Awaitable<> end_of(int process);

}  // namespace am::hypervisor
