// The table of tasks: every task that was ever accepted, in the order of creation.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/task.h"
#include "storage/database.h"
#include "storage/statement_cache.h"

namespace am::storage {

// What a task says of its own work.
struct TaskProgress {
  std::string text;
  std::optional<double> done;  // 0 to 1
};

// One row. Times are milliseconds since 1970, UTC; 0 stands for "not yet". Empty text stands for NULL.
struct TaskRow {
  std::int64_t sequence = 0;  // order of creation, given by insert()
  std::string pid;
  std::string parent_pid;
  std::string application_id;
  std::string application_folder;
  std::string script_id;
  std::string script_path;
  std::string owner;
  std::string start_params;  // a JSON object
  std::string venv = "default";
  TaskLimits limits;
  TaskIsolation isolation = TaskIsolation::by_default;  // as its application said when it was accepted
  std::string hypervisor_id;                            // empty while queued
  TaskState state = TaskState::queued;
  std::int64_t created_ms = 0;
  std::int64_t started_ms = 0;
  std::int64_t finished_ms = 0;
  std::string stop_by;  // who asked for the stop
  std::optional<TaskOutcome> outcome;
  TaskUsage usage;
  std::optional<TaskProgress> progress;  // the last one, stored at the end
};

// What closes a task.
struct TaskClosing {
  TaskOutcome outcome;
  TaskUsage usage;
  std::int64_t started_ms = 0;
  std::int64_t finished_ms = 0;
  std::optional<TaskProgress> progress;
};

struct TaskFilter {
  std::optional<TaskState> state;
  std::string application_id;
  std::string script_id;
  std::optional<OutcomeKind> outcome;
  std::string before;  // a pid: only tasks created before that one
  std::uint32_t limit = 100;
};

// Transitions are guarded in SQL: queued -> starting -> running -> closed, and closed is final. Those that
// return a bool say whether the row was changed; repeating one is harmless.
class TaskStore {
 public:
  explicit TaskStore(Database& database) : database_(database), statements_(database.connection()) {}

  // Adds a row and gives its sequence; already_exists for a pid that is taken.
  Result<std::int64_t> insert(const TaskRow& row);
  Result<bool> assign(const std::string& pid, const std::string& hypervisor_id);  // queued -> starting
  Result<bool> mark_running(const std::string& pid, std::int64_t started_ms);  // starting, running -> running
  Result<bool> request_stop(const std::string& pid,
                            const std::string& by);                        // any open state; the first counts
  Result<bool> close(const std::string& pid, const TaskClosing& closing);  // any open state -> closed

  Result<std::optional<TaskRow>> find(const std::string& pid);
  // Newest first; invalid_argument when `before` names no task.
  Result<std::vector<TaskRow>> list(const TaskFilter& filter);
  // All that are not closed, oldest first.
  Result<std::vector<TaskRow>> open();
  // The pids that a task started, oldest first.
  Result<std::vector<std::string>> children(const std::string& pid);

 private:
  Result<std::vector<TaskRow>> rows(SQLite::Statement& statement);

  Database& database_;
  StatementCache statements_;
};

}  // namespace am::storage
