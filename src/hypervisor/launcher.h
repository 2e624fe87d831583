// One interpreter of an environment from which those of tasks are forked (docs/ARCHITECTURE.md, "Slots").
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hypervisor/task_surroundings.h"
#include "loop/awaitable.h"
#include "process/cgroup.h"

namespace am::hypervisor {

class Launcher {
 public:
  Launcher(const Places& places, const TaskDefaults& defaults);
  // Starts it in the tasks' container (`defaults.host`) and lets it import the modules. It is a child of the
  // container's first process; what it has forked outlives it. What its modules take
  // is limited, and how many processes: they are code of others. Call end() also when this has failed.
  Awaitable<Result<void>> start(const std::string& venv, const std::vector<std::string>& preload,
                                std::uint64_t memory_bytes);
  Launcher(const Launcher&) = delete;
  Launcher& operator=(const Launcher&) = delete;

  // Where observers send it their fork orders.
  [[nodiscard]] int socket() const { return socket_.get(); }
  // Its control group's name.
  [[nodiscard]] const std::string& name() const { return name_; }
  // Returns when it has ended by itself or by somebody else's hand.
  Awaitable<> ended() const;
  // Ends it, and removes what is left of it.
  Awaitable<> end();

 private:
  Awaitable<Result<void>> wait_until_ready();

  const Places& places_;
  const TaskDefaults& defaults_;
  std::string name_;
  std::string folder_;  // in run/slots, so that the next hypervisor finds what is left of it
  UniqueFd socket_;
  UniqueFd output_;   // nobody reads it; a pipe, as its copies have
  UniqueFd process_;  // a pidfd
  std::optional<process::TaskCgroup> cgroup_;
};

}  // namespace am::hypervisor
