#include "loop/task_group.h"

#include <cassert>
#include <vector>

namespace am {

TaskGroup::TaskGroup(asio::any_io_executor executor, OnFailure on_failure)
    : executor_(std::move(executor)), on_failure_(std::move(on_failure)), finished_(executor_) {}

TaskGroup::~TaskGroup() { assert(running_.empty()); }

TaskGroup::CancelHandle TaskGroup::spawn(std::string name, Awaitable<> work) {
  if (closed_) return {};
  const auto place = running_.insert(running_.end(), std::make_shared<asio::cancellation_signal>());
  const CancelHandle handle = *place;
  asio::co_spawn(executor_, supervise(std::move(name), std::move(work)),
                 asio::bind_cancellation_slot((*place)->slot(), [this, place](const std::exception_ptr&) {
                   running_.erase(place);
                   finished_.notify_all();
                 }));
  return handle;
}

Awaitable<> TaskGroup::supervise(std::string name, Awaitable<> work) {
  std::string fault;
  bool failed = false;
  try {
    co_await std::move(work);
  } catch (const std::exception& error) {
    failed = true;
    fault = error.what();
  } catch (...) {
    failed = true;
    fault = "an exception that is no std::exception";
  }
  const auto state = co_await asio::this_coro::cancellation_state;
  // Otherwise co_spawn's own last step would throw into the event loop after a cancellation.
  co_await asio::this_coro::throw_if_cancelled(false);
  if (failed && state.cancelled() == asio::cancellation_type::none && on_failure_) on_failure_(name, fault);
}

void TaskGroup::cancel() {
  closed_ = true;
  // A copy, so that the walk holds whatever a cancelled coroutine does to the group.
  const std::vector<std::shared_ptr<asio::cancellation_signal>> signals(running_.begin(), running_.end());
  for (const auto& signal : signals) signal->emit(asio::cancellation_type::terminal);
}

Awaitable<> TaskGroup::drain() {
  while (!running_.empty()) co_await finished_.changed_since(finished_.version());
}

}  // namespace am
