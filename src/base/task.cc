#include "base/task.h"

#include <array>
#include <cstring>

namespace am {
namespace {

constexpr std::array kStates = {TaskState::queued, TaskState::starting, TaskState::running,
                                TaskState::closed};
constexpr std::array kOutcomes = {
    OutcomeKind::exited,  OutcomeKind::signaled,        OutcomeKind::timed_out, OutcomeKind::memory_limit,
    OutcomeKind::stopped, OutcomeKind::failed_to_start, OutcomeKind::lost};

constexpr std::array kIsolations = {TaskIsolation::by_default, TaskIsolation::shared,
                                    TaskIsolation::isolated};

}  // namespace

std::string_view to_string(TaskState state) {
  switch (state) {
    case TaskState::queued:
      return "queued";
    case TaskState::starting:
      return "starting";
    case TaskState::running:
      return "running";
    case TaskState::closed:
      return "closed";
  }
  return "closed";
}

std::string_view to_string(OutcomeKind kind) {
  switch (kind) {
    case OutcomeKind::exited:
      return "exited";
    case OutcomeKind::signaled:
      return "signaled";
    case OutcomeKind::timed_out:
      return "timed_out";
    case OutcomeKind::memory_limit:
      return "memory_limit";
    case OutcomeKind::stopped:
      return "stopped";
    case OutcomeKind::failed_to_start:
      return "failed_to_start";
    case OutcomeKind::lost:
      return "lost";
  }
  return "lost";
}

std::string_view to_string(TaskIsolation isolation) {
  switch (isolation) {
    case TaskIsolation::by_default:
      return "default";
    case TaskIsolation::shared:
      return "shared";
    case TaskIsolation::isolated:
      return "isolated";
  }
  return "default";
}

Result<TaskIsolation> parse_task_isolation(std::string_view text) {
  for (TaskIsolation isolation : kIsolations) {
    if (to_string(isolation) == text) return isolation;
  }
  return fail(ErrorCode::invalid_argument, "isolation must be default, shared or isolated, not \"{}\"", text);
}

Result<TaskState> parse_task_state(std::string_view text) {
  for (TaskState state : kStates) {
    if (to_string(state) == text) return state;
  }
  return fail(ErrorCode::invalid_argument, "state must be queued, starting, running or closed, not \"{}\"",
              text);
}

Result<OutcomeKind> parse_outcome_kind(std::string_view text) {
  for (OutcomeKind kind : kOutcomes) {
    if (to_string(kind) == text) return kind;
  }
  return fail(ErrorCode::invalid_argument, "\"{}\" is no outcome kind", text);
}

std::string signal_name(int number) {
  const char* name = sigabbrev_np(number);
  return name != nullptr ? fmt::format("SIG{}", name) : fmt::format("signal {}", number);
}

}  // namespace am
