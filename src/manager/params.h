// What a run's parameters come to: general and own parameters in one object, and the limits in them.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "base/task.h"
#include "manager/json.h"

namespace am::manager {

// Beyond these a limit is as good as none; larger values are taken as these.
inline constexpr double kLongestTimeoutSec = 1e9;               // 31 years
inline constexpr std::uint64_t kLargestMemoryMb = 1ULL << 30U;  // one petabyte

struct RunParams {
  json::object merged;  // general parameters first, the run's own over them, name by name
  TaskLimits limits;    // `timeout` and `memoryLimit` of it, else the defaults
};

// invalid_argument when `timeout` or `memoryLimit` cannot be taken; the message names the parameter, the
// value, and the general parameters where it comes from there.
Result<RunParams> merge_run_params(const json::object& general, const json::object& run,
                                   const TaskLimits& defaults);
// The same from the stored text of the general parameters.
Result<RunParams> merge_run_params(const std::string& general, const json::object& run,
                                   const TaskLimits& defaults);

// The limits of a run that names none, from the texts of DEFAULT_TASK_TIMEOUT_SEC and
// DEFAULT_TASK_MAX_MEMORY_MB; an unset or empty text leaves the built-in value. invalid_argument names the
// variable and its value.
Result<TaskLimits> default_limits(std::optional<std::string> timeout_sec,
                                  std::optional<std::string> memory_mb);

}  // namespace am::manager
