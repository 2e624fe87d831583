// Whether and when a daemon that ended is started again.
#pragma once

#include <chrono>
#include <deque>
#include <optional>

#include "loop/backoff.h"

namespace am::up {

class RestartPolicy {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr int kEnds = 5;                     // so many ends
  static constexpr std::chrono::seconds kWithin{30};  // within this time are too many

  // To be called at each end: how long to wait before the next start, or nothing when it has ended too often.
  std::optional<Backoff::Duration> ended(Clock::time_point now) {
    while (!ends_.empty() && now - ends_.front() >= kWithin) ends_.pop_front();
    if (ends_.empty()) backoff_.reset();
    ends_.push_back(now);
    if (ends_.size() >= kEnds) return std::nullopt;
    return backoff_.next();
  }

 private:
  std::deque<Clock::time_point> ends_;  // at most kEnds
  Backoff backoff_{std::chrono::milliseconds(100), std::chrono::milliseconds(5000)};
};

}  // namespace am::up
