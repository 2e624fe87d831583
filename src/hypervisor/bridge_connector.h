// From a pid to a bridge connection, wherever that task is.
#pragma once

#include <memory>
#include <string>

#include "bridge/bridge_connection.h"
#include "hypervisor/manager_link.h"
#include "hypervisor/tasks.h"

namespace am::hypervisor {

class BridgeConnector {
 public:
  BridgeConnector(asio::any_io_executor executor, Tasks& tasks, ManagerLink& link)
      : executor_(std::move(executor)), tasks_(tasks), link_(link) {}

  // A task that can be connected to: one of this hypervisor, or one that the manager leads to.
  struct Target {
    std::string pid;
    std::shared_ptr<Task> local;  // null: elsewhere
  };
  // not_found for a pid that nobody knows, gone for a task that is over, unavailable while the manager, whom
  // this asks for a pid that is unknown here, is away.
  Awaitable<Result<Target>> find(std::string pid);

  // The way to a target that is elsewhere; null for a local one. resource_exhausted when too many wait there.
  Awaitable<Result<bridge::StreamPtr>> open(const Target& target);

  // Ties `stream` to the target until both are over. `peer` names the stream's side for the target.
  Awaitable<> serve(Target target, bridge::StreamPtr way, bridge::StreamPtr stream, std::string peer);

 private:
  [[nodiscard]] Result<std::optional<Target>> find_here(const std::string& pid) const;

  asio::any_io_executor executor_;
  Tasks& tasks_;
  ManagerLink& link_;
};

}  // namespace am::hypervisor
