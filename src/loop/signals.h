// The signals that ask a daemon to end.
#pragma once

#include "loop/awaitable.h"

namespace am {

// Takes SIGINT and SIGTERM over for as long as it lives; one that arrives between two waits is kept.
class StopSignals {
 public:
  explicit StopSignals(const asio::any_io_executor& executor);
  // The number of the next signal. Honours cancellation (throws operation_aborted). Call it again for the
  // next: a second signal usually means "now".
  Awaitable<int> next();

 private:
  asio::signal_set signals_;
};

}  // namespace am
