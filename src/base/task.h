// The vocabulary of tasks that every layer shares: states, outcomes, limits, use. Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace am {

enum class TaskState {
  queued,    // recorded, no hypervisor has room yet
  starting,  // handed to a hypervisor
  running,   // its process exists
  closed,    // over; the outcome says how
};

// How a task ended; exactly one, the first cause that occurred.
enum class OutcomeKind {
  exited,           // by itself, with an exit code (also after an uncaught exception: 1)
  signaled,         // by a signal that nobody of the platform sent, or the process limit
  timed_out,        // over its time limit
  memory_limit,     // the task with its children was over its memory limit
  stopped,          // by a person or a program through the API
  failed_to_start,  // no process ever ran the script; the message says why
  lost,             // its end was not observed (machine restarted, observer killed)
};

// How far a task is kept apart from the others of its hypervisor. The numbers travel (docs/PROTOCOL.md).
enum class TaskIsolation {
  by_default,  // as the hypervisor is set
  shared,      // one container for all: they see each other's processes, /tmp and files in workdirs
  isolated,    // a user, processes, /tmp and files of its own
};

struct TaskOutcome {
  OutcomeKind kind = OutcomeKind::lost;
  std::optional<int> exit_code;  // of the task's first process, where it exited
  std::optional<int> signal;     // where a signal ended it
  std::string message;           // one sentence for people, empty for a plain exit

  bool operator==(const TaskOutcome&) const = default;
};

struct TaskLimits {
  double timeout_sec = 300;       // below 0: no limit
  std::uint64_t memory_mb = 100;  // for the task with all its children; 1 MB = 1024 * 1024 bytes

  bool operator==(const TaskLimits&) const = default;
};

struct TaskUsage {
  double cpu_sec = 0;              // user and system time of the task with its children
  double memory_peak_mb = 0;       // the highest use of the whole tree at one time
  std::uint64_t output_bytes = 0;  // stdout and stderr together

  bool operator==(const TaskUsage&) const = default;
};

std::string_view to_string(TaskState state);
std::string_view to_string(OutcomeKind kind);
Result<TaskState> parse_task_state(std::string_view text);
Result<OutcomeKind> parse_outcome_kind(std::string_view text);
// "default", "shared", "isolated".
std::string_view to_string(TaskIsolation isolation);
Result<TaskIsolation> parse_task_isolation(std::string_view text);

// "SIGKILL" for 9; "signal 99" for a number without a name.
std::string signal_name(int number);

}  // namespace am
