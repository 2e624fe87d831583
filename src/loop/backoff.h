// How long to wait before the next attempt at something that is away.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>
#include <random>

namespace am {

// Doubles from `first` to `most`; each wait is a random value in the upper half of that, so that many clients
// of one restarted server do not come back at once.
class Backoff {
 public:
  using Duration = std::chrono::milliseconds;
  Backoff(Duration first, Duration most)
      : first_(std::max(first, Duration(1))), most_(std::max(most, first_)) {}

  // The wait before the next attempt: at most `most`, at least half of `first`.
  Duration next() {
    const auto whole = current_;
    current_ = std::min(most_, current_ * 2);
    std::uniform_int_distribution<Duration::rep> pick(whole.count() - whole.count() / 2, whole.count());
    if (!random_) random_.emplace(std::random_device{}());
    return Duration(pick(*random_));
  }
  // After a success.
  void reset() { current_ = first_; }

 private:
  Duration first_;
  Duration most_;
  Duration current_ = first_;
  // Seeded for the first wait, which most never need: in a virtual machine the seed takes as long as a
  // request.
  std::optional<std::minstd_rand> random_;
};

}  // namespace am
