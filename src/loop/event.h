// A counter that coroutines wait on: the event-driven alternative to polling a shared value.
#pragma once

#include <cstdint>
#include <list>

#include "loop/awaitable.h"

namespace am {

// Single-threaded. A waiter reads `version()`, looks at the state it cares about, and if that is not yet as
// it wants, awaits `changed_since(version)`, so no change between the look and the wait is missed. The event
// outlives its waiters.
class Event {
 public:
  explicit Event(asio::any_io_executor executor);
  ~Event();
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  [[nodiscard]] std::uint64_t version() const { return version_; }
  void notify_all();
  // Returns once version() != seen. Honours cancellation of the calling coroutine (throws operation_aborted).
  Awaitable<> changed_since(std::uint64_t seen);
  // The same with a bound; false when the time ran out first.
  Awaitable<bool> changed_since(std::uint64_t seen, std::chrono::steady_clock::duration at_most);

 private:
  struct Waiter;
  Awaitable<bool> changed_before(std::uint64_t seen, std::chrono::steady_clock::time_point deadline);

  asio::any_io_executor executor_;
  std::uint64_t version_ = 0;
  std::list<Waiter*> waiters_;
};

}  // namespace am
