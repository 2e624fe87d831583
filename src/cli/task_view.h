// A task and its output as the API describes them, read out of JSON.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "base/task.h"
#include "cli/words.h"

namespace am::cli {

namespace json = boost::json;

struct TaskView {
  std::string pid;
  std::string parent_pid;  // empty: none
  std::string application_id;
  std::string script_id;
  std::string owner;
  std::string start_path;
  std::string hypervisor;
  std::string params;  // JSON text
  TaskState state = TaskState::queued;
  std::optional<std::int64_t> started_ms;
  std::optional<std::int64_t> finished_ms;
  std::optional<TaskOutcome> outcome;
  TaskLimits limits;
  TaskUsage usage;

  // Seconds from the start to the end, or to now; nothing before the start.
  [[nodiscard]] std::optional<double> duration_sec(std::int64_t now_ms) const;
  // Nothing while it is not closed.
  [[nodiscard]] std::optional<EndedTask> ended() const;
};

// Fields that are missing keep their defaults; an error when it is no task at all.
Result<TaskView> parse_task(const json::value& value);

// nullopt for anything but an outcome object.
std::optional<TaskOutcome> parse_outcome(const json::value& value);

// The text of a member, empty where it is missing or no string.
std::string text_member(const json::object& object, std::string_view name);
// A list as the API answers it, a plain array; empty for anything else.
json::array array_of(const json::value& answer);

}  // namespace am::cli
