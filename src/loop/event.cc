#include "loop/event.h"

#include <boost/asio/experimental/awaitable_operators.hpp>

namespace am {

Event::Event(const asio::any_io_executor& executor)
    : signal_(executor, asio::steady_timer::time_point::max()) {}

Event::~Event() = default;

void Event::notify_all() {
  ++version_;
  signal_.cancel();
}

Awaitable<> Event::changed_since(std::uint64_t seen) {
  while (version_ == seen) {
    const auto [error] = co_await signal_.async_wait(kNoThrow);
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) {
      throw boost::system::system_error(asio::error::operation_aborted);
    }
  }
}

Awaitable<bool> Event::changed_since(std::uint64_t seen, std::chrono::steady_clock::duration at_most) {
  using namespace asio::experimental::awaitable_operators;
  if (version_ != seen) co_return true;
  asio::steady_timer deadline(signal_.get_executor(), at_most);
  const auto finished = co_await (changed_since(seen) || deadline.async_wait(asio::use_awaitable));
  co_return finished.index() == 0;
}

}  // namespace am
