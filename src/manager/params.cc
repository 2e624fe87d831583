#include "manager/params.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace am::manager {
namespace {

constexpr std::string_view kTimeoutRule = "must be a number of seconds above 0, or below 0 for no limit";
constexpr std::string_view kMemoryRule = "must be a number of megabytes, at least 1";

// nullopt: the rule is broken.
std::optional<double> checked_timeout(double seconds) {
  if (!std::isfinite(seconds) || seconds == 0) return std::nullopt;
  return seconds < 0 ? -1 : std::min(seconds, kLongestTimeoutSec);
}

std::optional<std::uint64_t> checked_memory(double megabytes) {
  if (!std::isfinite(megabytes) || megabytes < 1) return std::nullopt;
  if (megabytes >= static_cast<double>(kLargestMemoryMb)) return kLargestMemoryMb;
  return static_cast<std::uint64_t>(megabytes);  // a part of a megabyte is dropped
}

std::optional<double> number_in(const json::value& value) {
  if (value.is_int64()) return static_cast<double>(value.get_int64());
  if (value.is_uint64()) return static_cast<double>(value.get_uint64());
  if (value.is_double()) return value.get_double();
  return std::nullopt;
}

// A parameter, and whether the run itself gave it.
struct Found {
  const json::value* value = nullptr;
  bool own = false;
};

Found look_up(std::string_view name, const json::object& general, const json::object& run) {
  if (const json::value* own = run.if_contains(name)) return {own, true};
  return {general.if_contains(name), false};
}

std::unexpected<Error> refuse(std::string_view name, std::string_view rule, const Found& found) {
  return fail(ErrorCode::invalid_argument, "{}: {}, not {}{}", name, rule, describe_json(*found.value),
              found.own ? "" : " (from the general parameters)");
}

std::optional<double> number_in(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

Result<RunParams> merge_run_params(const json::object& general, const json::object& run,
                                   const TaskLimits& defaults) {
  RunParams params{.merged = general, .limits = defaults};
  for (const auto& field : run) params.merged.insert_or_assign(field.key(), field.value());

  if (const Found timeout = look_up("timeout", general, run); timeout.value != nullptr) {
    const auto seconds = number_in(*timeout.value).and_then(checked_timeout);
    if (!seconds) return refuse("timeout", kTimeoutRule, timeout);
    params.limits.timeout_sec = *seconds;
  }
  if (const Found memory = look_up("memoryLimit", general, run); memory.value != nullptr) {
    const auto megabytes = number_in(*memory.value).and_then(checked_memory);
    if (!megabytes) return refuse("memoryLimit", kMemoryRule, memory);
    params.limits.memory_mb = *megabytes;
  }
  return params;
}

Result<RunParams> merge_run_params(const std::string& general, const json::object& run,
                                   const TaskLimits& defaults) {
  const auto parsed = parse_json_object("general parameters", general);
  if (!parsed) return pass_on(parsed);
  return merge_run_params(*parsed, run, defaults);
}

Result<TaskLimits> default_limits(std::optional<std::string> timeout_sec,
                                  std::optional<std::string> memory_mb) {
  TaskLimits limits;
  if (timeout_sec && !timeout_sec->empty()) {
    const auto seconds = number_in(*timeout_sec).and_then(checked_timeout);
    if (!seconds) {
      return fail(ErrorCode::invalid_argument, "DEFAULT_TASK_TIMEOUT_SEC: {}, not \"{}\"", kTimeoutRule,
                  *timeout_sec);
    }
    limits.timeout_sec = *seconds;
  }
  if (memory_mb && !memory_mb->empty()) {
    const auto megabytes = number_in(*memory_mb).and_then(checked_memory);
    if (!megabytes) {
      return fail(ErrorCode::invalid_argument, "DEFAULT_TASK_MAX_MEMORY_MB: {}, not \"{}\"", kMemoryRule,
                  *memory_mb);
    }
    limits.memory_mb = *megabytes;
  }
  return limits;
}

}  // namespace am::manager
