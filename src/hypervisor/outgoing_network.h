// The way out for tasks: slirp4netns, which carries the container's connections to the network outside and
// lets nobody in.
#pragma once

#include <string>

#include "base/error.h"
#include "loop/awaitable.h"
#include "process/child.h"

namespace am::hypervisor {

// slirp4netns's own name server inside, see slirp4netns(1).
inline constexpr const char* kInnerNameServer = "10.0.2.3";

class OutgoingNetwork {
 public:
  // `folder`: the container's; `process`: a pidfd of its first process; `log`: a file for complaints.
  OutgoingNetwork(asio::any_io_executor executor, std::string folder, int process, std::string log)
      : executor_(std::move(executor)), folder_(std::move(folder)), process_(process), log_(std::move(log)) {}
  OutgoingNetwork(const OutgoingNetwork&) = delete;
  OutgoingNetwork& operator=(const OutgoingNetwork&) = delete;
  ~OutgoingNetwork();

  // Starts it and returns when connections work; one of an earlier hypervisor is kept. It ends with the
  // container.
  Result<void> start();
  // Starts it again whenever it ends, until cancelled.
  Awaitable<> watch();

 private:
  Result<void> launch();
  [[nodiscard]] std::string pid_file() const { return folder_ + "/network.pid"; }

  asio::any_io_executor executor_;
  std::string folder_;
  int process_;
  std::string log_;
  UniqueFd running_;  // its pidfd
};

}  // namespace am::hypervisor
