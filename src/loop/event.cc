#include "loop/event.h"

namespace am {

// Lives in the waiting coroutine and leaves the list on every way out: a change, the deadline, cancellation,
// the end of the coroutine's frame.
struct Event::Waiter {
  Waiter(Event& of, std::chrono::steady_clock::time_point deadline)
      : event(&of), timer(of.executor_, deadline), place(of.waiters_.insert(of.waiters_.end(), this)) {}
  ~Waiter() {
    if (event != nullptr) event->waiters_.erase(place);
  }
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

  Event* event;              // null once the event is gone
  asio::steady_timer timer;  // cancelled to wake the coroutine
  std::list<Waiter*>::iterator place;
};

Event::Event(asio::any_io_executor executor) : executor_(std::move(executor)) {}

Event::~Event() {
  for (Waiter* waiter : waiters_) {
    waiter->event = nullptr;
    waiter->timer.cancel();
  }
}

void Event::notify_all() {
  ++version_;
  for (Waiter* waiter : waiters_) waiter->timer.cancel();
}

Awaitable<> Event::changed_since(std::uint64_t seen) {
  co_await changed_before(seen, asio::steady_timer::time_point::max());
}

Awaitable<bool> Event::changed_since(std::uint64_t seen, std::chrono::steady_clock::duration at_most) {
  const auto changed = co_await changed_before(seen, std::chrono::steady_clock::now() + at_most);
  co_return changed;
}

Awaitable<bool> Event::changed_before(std::uint64_t seen, std::chrono::steady_clock::time_point deadline) {
  if (version_ != seen) co_return true;
  Waiter waiter(*this, deadline);
  const auto [error] = co_await waiter.timer.async_wait(kNoThrow);
  if (waiter.event == nullptr) throw boost::system::system_error(asio::error::operation_aborted);
  if (version_ != seen) co_return true;
  if (error) throw boost::system::system_error(asio::error::operation_aborted);
  co_return false;
}

}  // namespace am
