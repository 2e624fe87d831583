#include "loop/signals.h"

#include <csignal>

namespace am {

StopSignals::StopSignals(const asio::any_io_executor& executor) : signals_(executor, SIGINT, SIGTERM) {}

Awaitable<int> StopSignals::next() {
  const int number = co_await signals_.async_wait(asio::use_awaitable);
  co_return number;
}

}  // namespace am
