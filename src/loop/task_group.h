// Background work that belongs to an object: no coroutine outlives its group.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <string>

#include "loop/awaitable.h"
#include "loop/event.h"

namespace am {

// Single-threaded. Destroying the group before drain() has returned is a programming error and asserts.
class TaskGroup {
 public:
  // Ends one coroutine early when emitted; expired once that coroutine has ended.
  using CancelHandle = std::weak_ptr<asio::cancellation_signal>;
  // `on_failure` hears of an exception that left a coroutine (other than the cancellation itself).
  using OnFailure = std::function<void(const std::string& name, const std::string& what)>;
  TaskGroup(asio::any_io_executor executor, OnFailure on_failure);
  ~TaskGroup();
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  // Starts the coroutine, which runs inside this call up to its first wait when the caller is on the loop;
  // ignored (and the coroutine dropped) once cancel() was called.
  CancelHandle spawn(std::string name, Awaitable<> work);
  [[nodiscard]] std::size_t size() const { return running_.size(); }
  // Asks every coroutine to stop, at its next suspension.
  void cancel();
  // Returns when none is left.
  Awaitable<> drain();

 private:
  using Running = std::list<std::shared_ptr<asio::cancellation_signal>>;
  Awaitable<> supervise(std::string name, Awaitable<> work);

  asio::any_io_executor executor_;
  OnFailure on_failure_;
  Running running_;
  Event finished_;
  bool closed_ = false;
};

}  // namespace am
