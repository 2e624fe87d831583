#include "cli/task_view.h"

#include "cli/json_text.h"

namespace am::cli {
namespace {

std::optional<double> number_member(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  return value->to_number<double>();
}

std::optional<int> int_member(const json::object& object, std::string_view name) {
  const auto number = number_member(object, name);
  return number ? std::optional<int>(static_cast<int>(*number)) : std::nullopt;
}

const json::object* object_member(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_object() ? &value->get_object() : nullptr;
}

}  // namespace

std::string text_member(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

json::array array_of(const json::value& answer) {
  return answer.is_array() ? answer.get_array() : json::array();
}

std::optional<TaskOutcome> parse_outcome(const json::value& value) {
  if (!value.is_object()) return std::nullopt;
  const json::object& object = value.get_object();
  const auto kind = parse_outcome_kind(text_member(object, "kind"));
  if (!kind) return std::nullopt;
  return TaskOutcome{.kind = *kind,
                     .exit_code = int_member(object, "exitCode"),
                     .signal = int_member(object, "signal"),
                     .message = text_member(object, "message")};
}

Result<TaskView> parse_task(const json::value& value) {
  if (!value.is_object()) return fail(ErrorCode::internal, "the server's task is no JSON object");
  const json::object& object = value.get_object();
  const auto state = parse_task_state(text_member(object, "state"));
  if (!state) return fail(ErrorCode::internal, "the server's task: {}", state.error().message);
  TaskView task;
  task.state = *state;
  task.pid = text_member(object, "pid");
  task.parent_pid = text_member(object, "parentPid");
  task.application_id = text_member(object, "applicationId");
  task.script_id = text_member(object, "scriptId");
  task.owner = text_member(object, "owner");
  task.start_path = text_member(object, "startPath");
  task.hypervisor = text_member(object, "hypervisor");
  if (const auto* params = object.if_contains("startParams")) task.params = json_text(*params);
  task.started_ms = parse_iso8601(text_member(object, "startedAt"));
  task.finished_ms = parse_iso8601(text_member(object, "finishedAt"));
  if (const auto* outcome = object.if_contains("outcome")) task.outcome = parse_outcome(*outcome);
  if (const auto* limits = object_member(object, "limits")) {
    task.limits.timeout_sec = number_member(*limits, "timeoutSec").value_or(task.limits.timeout_sec);
    const double memory =
        number_member(*limits, "memoryMb").value_or(static_cast<double>(task.limits.memory_mb));
    task.limits.memory_mb = static_cast<std::uint64_t>(memory);
  }
  if (const auto* usage = object_member(object, "usage")) {
    task.usage.cpu_sec = number_member(*usage, "cpuSec").value_or(0);
    task.usage.memory_peak_mb = number_member(*usage, "memoryPeakMb").value_or(0);
    task.usage.output_bytes = static_cast<std::uint64_t>(number_member(*usage, "outputBytes").value_or(0));
  }
  return task;
}

std::optional<double> TaskView::duration_sec(std::int64_t now_ms) const {
  if (!started_ms) return std::nullopt;
  return static_cast<double>(finished_ms.value_or(now_ms) - *started_ms) / 1000.0;
}

std::optional<EndedTask> TaskView::ended() const {
  if (state != TaskState::closed || !outcome) return std::nullopt;
  EndedTask task{*outcome, limits, usage, std::nullopt};
  if (started_ms && finished_ms) task.duration_sec = duration_sec(*finished_ms);
  return task;
}

}  // namespace am::cli
