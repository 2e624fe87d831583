#include "cli/words.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cmath>

namespace am::cli {
namespace {

std::string two_units(std::int64_t large, std::string_view large_unit, std::int64_t small,
                      std::string_view small_unit) {
  if (small == 0) return fmt::format("{} {}", large, large_unit);
  return fmt::format("{} {} {} {}", large, large_unit, small, small_unit);
}

// "1 s", "0.5 s": a limit as it was given, without digits that say nothing.
std::string limit_words(double seconds) { return fmt::format("{} s", seconds); }

std::string after(const std::optional<double>& duration_sec) {
  return duration_sec ? " after " + duration_words(*duration_sec) : std::string();
}

std::string with_reason(std::string words, const std::string& message) {
  return message.empty() ? words : words + ": " + message;
}

std::optional<int> digits(std::string_view text, std::size_t from, std::size_t count) {
  int value = 0;
  const char* end = text.data() + from + count;
  const auto [last, error] = std::from_chars(text.data() + from, end, value);
  if (error != std::errc() || last != end || value < 0) return std::nullopt;
  return value;
}

}  // namespace

std::string duration_words(double seconds) {
  seconds = std::max(seconds, 0.0);
  if (seconds < 9.95) return fmt::format("{:.1f} s", seconds);
  const std::int64_t whole = std::llround(seconds);
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return two_units(whole / 60, "min", whole % 60, "s");
  if (whole < 86400) return two_units(whole / 3600, "h", whole % 3600 / 60, "min");
  return two_units(whole / 86400, "d", whole % 86400 / 3600, "h");
}

std::string relative_words(std::int64_t then_ms, std::int64_t now_ms) {
  const std::int64_t seconds = (now_ms - then_ms) / 1000;
  if (seconds < 0) return fmt::format("in {} s", -seconds);
  if (seconds < 1) return "just now";
  if (seconds < 60) return fmt::format("{} s ago", seconds);
  if (seconds < 3600) return fmt::format("{} min ago", seconds / 60);
  if (seconds < 2 * 86400) return fmt::format("{} h ago", seconds / 3600);
  return fmt::format("{} d ago", seconds / 86400);
}

std::optional<std::int64_t> parse_iso8601(std::string_view text) {
  using namespace std::chrono;
  constexpr std::string_view kForm = "0000-00-00T00:00:00.000Z";
  if (text.size() != kForm.size()) return std::nullopt;
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    if (kForm[i] != '0' && text[i] != kForm[i]) return std::nullopt;
  }
  const auto y = digits(text, 0, 4);
  const auto mon = digits(text, 5, 2);
  const auto d = digits(text, 8, 2);
  const auto h = digits(text, 11, 2);
  const auto min = digits(text, 14, 2);
  const auto s = digits(text, 17, 2);
  const auto ms = digits(text, 20, 3);
  if (!y || !mon || !d || !h || !min || !s || !ms) return std::nullopt;
  const year_month_day date(year(*y), month(static_cast<unsigned>(*mon)), day(static_cast<unsigned>(*d)));
  if (!date.ok()) return std::nullopt;
  const auto moment = sys_days(date) + hours(*h) + minutes(*min) + seconds(*s) + milliseconds(*ms);
  return duration_cast<milliseconds>(moment.time_since_epoch()).count();
}

std::string megabyte_words(double megabytes) {
  return megabytes < 99.95 ? fmt::format("{:.1f} MB", megabytes) : fmt::format("{:.0f} MB", megabytes);
}

std::string outcome_words(const EndedTask& task) {
  const TaskOutcome& outcome = task.outcome;
  switch (outcome.kind) {
    case OutcomeKind::exited:
      return with_reason(fmt::format("exited with code {}", outcome.exit_code.value_or(0)), outcome.message);
    case OutcomeKind::failed_to_start:
      return with_reason("could not start", outcome.message);
    default:
      break;
  }
  if (!outcome.message.empty()) return outcome.message;
  switch (outcome.kind) {
    case OutcomeKind::signaled:
      return fmt::format("ended by {}", signal_name(outcome.signal.value_or(0)));
    case OutcomeKind::timed_out:
      return fmt::format("stopped{}: time limit {}", after(task.duration_sec),
                         limit_words(task.limits.timeout_sec));
    case OutcomeKind::memory_limit:
      return fmt::format("memory limit {} MB, peak {:.0f} MB", task.limits.memory_mb,
                         task.usage.memory_peak_mb);
    case OutcomeKind::stopped:
      return "stopped" + after(task.duration_sec);
    default:
      return std::string(to_string(outcome.kind));
  }
}

std::string outcome_short(const TaskOutcome& outcome) {
  switch (outcome.kind) {
    case OutcomeKind::exited:
      return fmt::format("exit {}", outcome.exit_code.value_or(0));
    case OutcomeKind::signaled:
      return signal_name(outcome.signal.value_or(0));
    case OutcomeKind::timed_out:
      return "time limit";
    case OutcomeKind::memory_limit:
      return "memory limit";
    case OutcomeKind::stopped:
      return "stopped";
    case OutcomeKind::failed_to_start:
      return "could not start";
    case OutcomeKind::lost:
      return "lost";
  }
  return "lost";
}

}  // namespace am::cli
