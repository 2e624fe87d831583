// A moment after which something is given up, cheap to move: a new deadline usually costs no timer operation.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "loop/awaitable.h"

namespace am::net {

class Deadline {
 public:
  // `on_expiry` runs on the loop, never after the destructor.
  Deadline(const asio::any_io_executor& executor, std::function<void()> on_expiry);
  ~Deadline();
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

  void set(std::chrono::steady_clock::duration from_now);
  void clear();
  // Whether it passed since the last set().
  [[nodiscard]] bool expired() const;

 private:
  struct State;
  static void arm(const std::shared_ptr<State>& state);
  std::shared_ptr<State> state_;
};

}  // namespace am::net
