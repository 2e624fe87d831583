#include "manager/task_json.h"

#include <algorithm>
#include <cmath>

#include "base/clock.h"

namespace am::manager {
namespace {

json::value text_or_null(const std::string& text) { return text.empty() ? json::value() : json::value(text); }

json::value time_or_null(std::int64_t wall_ms) {
  return wall_ms == 0 ? json::value() : json::value(iso8601(wall_ms));
}

json::value number_or_null(const std::optional<int>& number) {
  return number ? json::value(*number) : json::value();
}

// 300 rather than 3E2, which is how the library writes a whole double.
json::value plain_number(double number) {
  constexpr double kExact = 1e15;
  if (std::trunc(number) == number && std::abs(number) < kExact) return static_cast<std::int64_t>(number);
  return number;
}

// What was stored was made by this program; a damaged row is shown rather than hidden with its whole page.
json::value stored_params(const std::string& text) {
  auto params = parse_json_object("start_params", text);
  if (!params) return json::value(text);
  return json::value(*std::move(params));
}

std::string message_of(const TaskOutcome& outcome) {
  if (!outcome.message.empty() || !outcome.signal) return outcome.message;
  return "ended by " + signal_name(*outcome.signal);
}

}  // namespace

json::object outcome_json(const TaskOutcome& outcome) {
  return json::object{{"kind", to_string(outcome.kind)},
                      {"exitCode", number_or_null(outcome.exit_code)},
                      {"signal", number_or_null(outcome.signal)},
                      {"message", message_of(outcome)}};
}

json::value progress_json(const std::optional<storage::TaskProgress>& progress) {
  if (!progress) return nullptr;
  return json::object{{"text", progress->text},
                      {"progress", progress->done ? json::value(*progress->done) : json::value()}};
}

json::object task_json(const storage::TaskRow& row) {
  json::object task{{"pid", row.pid},
                    {"parentPid", text_or_null(row.parent_pid)},
                    {"applicationId", row.application_id},
                    {"scriptId", row.script_id},
                    {"owner", row.owner},
                    {"startParams", stored_params(row.start_params)},
                    {"createdAt", iso8601(row.created_ms)},
                    {"startedAt", time_or_null(row.started_ms)},
                    {"finishedAt", time_or_null(row.finished_ms)},
                    {"language", "python3"},
                    {"startPath", row.script_path},
                    {"state", to_string(row.state)},
                    {"outcome", nullptr}};
  if (row.outcome) task["outcome"] = outcome_json(*row.outcome);
  task["limits"] =
      json::object{{"timeoutSec", plain_number(row.limits.timeout_sec)}, {"memoryMb", row.limits.memory_mb}};
  task["usage"] = json::object{{"cpuSec", plain_number(row.usage.cpu_sec)},
                               {"memoryPeakMb", plain_number(row.usage.memory_peak_mb)},
                               {"outputBytes", row.usage.output_bytes}};
  task["hypervisor"] = text_or_null(row.hypervisor_id);
  task["status"] = progress_json(row.progress);
  return task;
}

std::string status_line(const storage::TaskRow& row) {
  json::object status = progress_json(row.progress).as_object();
  status["pid"] = row.pid;
  return json::serialize(json::object{{"status", std::move(status)}}) + "\n";
}

std::string system_record(const storage::TaskRow& row, const std::string& text) {
  const bool ran = row.started_ms != 0 && row.finished_ms != 0;
  const double seconds =
      ran ? static_cast<double>(std::max<std::int64_t>(0, row.finished_ms - row.started_ms)) / 1000 : 0;
  const json::object record{{"offset", row.usage.output_bytes},
                            {"next", row.usage.output_bytes},
                            {"time", plain_number(seconds)},
                            {"stream", "system"},
                            {"pid", row.pid},
                            {"text", text + "\n"}};
  return json::serialize(record) + "\n";
}

std::string end_record(const storage::TaskRow& row) {
  if (!row.outcome || row.outcome->kind == OutcomeKind::exited) return {};
  std::string text = message_of(*row.outcome);
  if (text.empty()) text = to_string(row.outcome->kind);
  return system_record(row, text);
}

std::string end_line(const storage::TaskRow& row) {
  json::object end{{"state", to_string(row.state)}, {"outcome", nullptr}};
  if (row.outcome) end["outcome"] = outcome_json(*row.outcome);
  return json::serialize(json::object{{"end", std::move(end)}}) + "\n";
}

}  // namespace am::manager
