// A small epoll loop: the observer is too small for a library's.
#pragma once

#include <cstdint>
#include <functional>
#include <unordered_map>

#include "base/error.h"
#include "base/unique_fd.h"

namespace am::observer {

class Poller {
 public:
  using Callback = std::function<void(std::uint32_t events)>;

  static Result<Poller> create();

  // `events` as for epoll_ctl(2). The descriptor stays the caller's, who calls remove() before closing it.
  Result<void> add(int fd, std::uint32_t events, Callback callback);
  Result<void> change(int fd, std::uint32_t events);
  void remove(int fd);

  // Waits for events once and calls back for each; a descriptor removed by an earlier callback is not called.
  Result<void> run_once();

 private:
  explicit Poller(UniqueFd epoll) : epoll_(std::move(epoll)) {}

  UniqueFd epoll_;
  std::unordered_map<int, Callback> callbacks_;
};

// A one-shot timer on the monotonic clock, readable when it expires.
class Timer {
 public:
  static Result<Timer> create();
  [[nodiscard]] int fd() const { return fd_.get(); }
  // From now; replaces an earlier time. At most about 30 years.
  void set_us(std::int64_t microseconds);
  void cancel();
  // To be called when it is readable.
  void acknowledge();

 private:
  explicit Timer(UniqueFd fd) : fd_(std::move(fd)) {}
  UniqueFd fd_;
};

}  // namespace am::observer
