// Times, amounts and outcomes in words for people.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/task.h"

namespace am::cli {

// "0.3 s", "42 s", "2 min 5 s", "3 h 12 min", "2 d 4 h".
std::string duration_words(double seconds);

// "12 s ago", "in 3 s" for a time ahead of the clock; milliseconds since 1970.
std::string relative_words(std::int64_t then_ms, std::int64_t now_ms);

// Milliseconds since 1970 of "2026-03-01T08:15:51.026Z"; nothing for another form.
std::optional<std::int64_t> parse_iso8601(std::string_view text);

// "10.3 MB": one digit behind the point below 100, none above.
std::string megabyte_words(double megabytes);

// What is known of an ended task, for its one line.
struct EndedTask {
  TaskOutcome outcome;
  TaskLimits limits;
  TaskUsage usage;
  std::optional<double> duration_sec;
};

// One line: the platform's own sentence where there is one ("stopped after 1.0 s: time limit 1 s"), else one
// made of what is known ("exited with code 3", "memory limit 100 MB, peak 103 MB").
std::string outcome_words(const EndedTask& task);

// The same in one or two words, for a column: "exit 0", "time limit", "SIGSEGV".
std::string outcome_short(const TaskOutcome& outcome);

}  // namespace am::cli
