#include "net/deadline.h"

#include <utility>

namespace am::net {

using TimePoint = std::chrono::steady_clock::time_point;

struct Deadline::State {
  State(const asio::any_io_executor& executor, std::function<void()> callback)
      : timer(executor), on_expiry(std::move(callback)) {}
  asio::steady_timer timer;
  std::function<void()> on_expiry;
  TimePoint at = TimePoint::max();     // when to give up
  TimePoint armed = TimePoint::max();  // when the timer fires; never later than `at`
  bool expired = false;
};

Deadline::Deadline(const asio::any_io_executor& executor, std::function<void()> on_expiry)
    : state_(std::make_shared<State>(executor, std::move(on_expiry))) {}

Deadline::~Deadline() {
  state_->on_expiry = nullptr;
  clear();
  state_->timer.cancel();
}

void Deadline::set(std::chrono::steady_clock::duration from_now) {
  state_->expired = false;
  state_->at = std::chrono::steady_clock::now() + from_now;
  // A timer that fires too early looks at `at` again, so only an earlier deadline needs a new one.
  if (state_->at < state_->armed) arm(state_);
}

void Deadline::clear() { state_->at = TimePoint::max(); }

bool Deadline::expired() const { return state_->expired; }

void Deadline::arm(const std::shared_ptr<State>& state) {
  state->armed = state->at;
  state->timer.expires_at(state->at);
  state->timer.async_wait([state](const boost::system::error_code& error) {
    if (error) return;  // re-armed or destroyed
    state->armed = TimePoint::max();
    if (state->at == TimePoint::max()) return;
    if (state->at > std::chrono::steady_clock::now()) return arm(state);
    state->at = TimePoint::max();
    state->expired = true;
    if (state->on_expiry) state->on_expiry();
  });
}

}  // namespace am::net
