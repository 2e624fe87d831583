// Why a task ends: the first cause wins, and is said in words. Pure.
#pragma once

#include <optional>
#include <string>

#include "base/task.h"
#include "process/child.h"

namespace am::observer {

class EndCause {
 public:
  enum class Kind { time_limit, memory_limit, process_limit, stopped };

  // The first call counts; later ones change nothing and return false. `seconds` since the task's start.
  bool set(Kind kind, double seconds, std::string by = "");
  [[nodiscard]] bool decided() const { return kind_.has_value(); }
  // A limit whose kill must not wait for the task's good will.
  [[nodiscard]] bool kills_at_once() const {
    return kind_ == Kind::memory_limit || kind_ == Kind::process_limit;
  }

  // The outcome once the first process has ended with `status`.
  [[nodiscard]] TaskOutcome outcome(const process::ExitStatus& status, const TaskLimits& limits,
                                    std::uint32_t process_limit, double memory_peak_mb) const;

 private:
  std::optional<Kind> kind_;
  double seconds_ = 0;
  std::string by_;
};

}  // namespace am::observer
