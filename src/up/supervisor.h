// Keeps the two daemons running.
#pragma once

#include <string>

#include "loop/task_group.h"
#include "up/platform.h"

namespace am::up {

class Supervisor {
 public:
  Supervisor(asio::any_io_executor executor, Platform& platform);

  // Starts a daemon again whenever it ends. Returns only when one ends again and again, with its last error.
  // Honours cancellation.
  Awaitable<Result<void>> run();

 private:
  using Start = Awaitable<Result<void>> (Platform::*)();
  Awaitable<Error> keep(Daemon& daemon, Start start);

  asio::any_io_executor executor_;
  Platform& platform_;
};

}  // namespace am::up
