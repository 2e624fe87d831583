#include "storage/task_store.h"

namespace am::storage {
namespace {

// The outcome is JSON in the store; SQLite itself builds it and takes it apart.
constexpr const char* kColumns =
    "SELECT sequence, pid, parent_pid, application_id, application_folder, script_id, script_path, owner, "
    "start_params, venv, timeout_sec, memory_mb, hypervisor_id, state, created_ms, started_ms, finished_ms, "
    "stop_by, outcome ->> '$.kind', outcome ->> '$.exitCode', outcome ->> '$.signal', outcome ->> "
    "'$.message', "
    "cpu_sec, memory_peak_mb, output_bytes, status_text, status_progress, isolation FROM tasks ";

void bind_text(SQLite::Statement& statement, const char* name, const std::string& value) {
  if (value.empty()) {
    statement.bind(name);
  } else {
    statement.bind(name, value);
  }
}

void bind_number(SQLite::Statement& statement, const char* name, const std::optional<int>& value) {
  if (value) {
    statement.bind(name, *value);
  } else {
    statement.bind(name);
  }
}

std::optional<int> number(const SQLite::Column& column) {
  return column.isNull() ? std::nullopt : std::optional(column.getInt());
}

Result<std::optional<TaskOutcome>> read_outcome(SQLite::Statement& statement, int column) {
  if (statement.getColumn(column).isNull()) return std::nullopt;
  const auto kind = parse_outcome_kind(statement.getColumn(column).getString());
  if (!kind) return pass_on(kind);
  return TaskOutcome{.kind = *kind,
                     .exit_code = number(statement.getColumn(column + 1)),
                     .signal = number(statement.getColumn(column + 2)),
                     .message = statement.getColumn(column + 3).getString()};
}

std::optional<TaskProgress> read_progress(SQLite::Statement& statement, int column) {
  if (statement.getColumn(column).isNull()) return std::nullopt;
  const auto done = statement.getColumn(column + 1);
  return TaskProgress{.text = statement.getColumn(column).getString(),
                      .done = done.isNull() ? std::nullopt : std::optional(done.getDouble())};
}

Result<TaskRow> read_row(SQLite::Statement& statement) {
  const auto text = [&](int column) { return statement.getColumn(column).getString(); };
  const auto integer = [&](int column) { return statement.getColumn(column).getInt64(); };
  const auto state = parse_task_state(text(13));
  const auto outcome = read_outcome(statement, 18);
  const auto isolation = parse_task_isolation(text(27));
  const auto damaged = [&](const Error& error) {
    return fail(ErrorCode::internal, "the stored task {} is damaged: {}", text(1), error.message);
  };
  if (!state) return damaged(state.error());
  if (!outcome) return damaged(outcome.error());
  if (!isolation) return damaged(isolation.error());
  return TaskRow{.sequence = integer(0),
                 .pid = text(1),
                 .parent_pid = text(2),
                 .application_id = text(3),
                 .application_folder = text(4),
                 .script_id = text(5),
                 .script_path = text(6),
                 .owner = text(7),
                 .start_params = text(8),
                 .venv = text(9),
                 .limits = {.timeout_sec = statement.getColumn(10).getDouble(),
                            .memory_mb = static_cast<std::uint64_t>(integer(11))},
                 .isolation = *isolation,
                 .hypervisor_id = text(12),
                 .state = *state,
                 .created_ms = integer(14),
                 .started_ms = integer(15),
                 .finished_ms = integer(16),
                 .stop_by = text(17),
                 .outcome = *outcome,
                 .usage = {.cpu_sec = statement.getColumn(22).getDouble(),
                           .memory_peak_mb = statement.getColumn(23).getDouble(),
                           .output_bytes = static_cast<std::uint64_t>(integer(24))},
                 .progress = read_progress(statement, 25)};
}

}  // namespace

Result<std::int64_t> TaskStore::insert(const TaskRow& row) {
  return database_.attempt("recording a task", [&]() -> Result<std::int64_t> {
    auto statement = statements_.use(
        "INSERT INTO tasks (pid, parent_pid, application_id, application_folder, script_id, script_path, "
        "owner, start_params, venv, timeout_sec, memory_mb, isolation, hypervisor_id, state, created_ms) "
        "VALUES (:pid, :parent, :application, :folder, :script, :path, :owner, :params, :venv, :timeout, "
        ":memory, :isolation, :hypervisor, :state, :created) ON CONFLICT (pid) DO NOTHING");
    statement->bind(":pid", row.pid);
    bind_text(*statement, ":parent", row.parent_pid);
    statement->bind(":application", row.application_id);
    statement->bind(":folder", row.application_folder);
    statement->bind(":script", row.script_id);
    statement->bind(":path", row.script_path);
    statement->bind(":owner", row.owner);
    statement->bind(":params", row.start_params);
    statement->bind(":venv", row.venv);
    statement->bind(":timeout", row.limits.timeout_sec);
    statement->bind(":memory", static_cast<std::int64_t>(row.limits.memory_mb));
    statement->bind(":isolation", std::string(to_string(row.isolation)));
    bind_text(*statement, ":hypervisor", row.hypervisor_id);
    statement->bind(":state", std::string(to_string(row.state)));
    statement->bind(":created", row.created_ms);
    if (statement->exec() == 0)
      return fail(ErrorCode::already_exists, "a task {} is already recorded", row.pid);
    return database_.connection().getLastInsertRowid();
  });
}

Result<bool> TaskStore::assign(const std::string& pid, const std::string& hypervisor_id) {
  return database_.attempt("assigning a task", [&]() -> Result<bool> {
    auto statement = statements_.use(
        "UPDATE tasks SET state = 'starting', hypervisor_id = :hypervisor WHERE pid = :pid AND state = "
        "'queued'");
    statement->bind(":pid", pid);
    statement->bind(":hypervisor", hypervisor_id);
    return statement->exec() == 1;
  });
}

Result<bool> TaskStore::mark_running(const std::string& pid, std::int64_t started_ms) {
  return database_.attempt("marking a task as running", [&]() -> Result<bool> {
    auto statement = statements_.use(
        "UPDATE tasks SET state = 'running', started_ms = :started "
        "WHERE pid = :pid AND state IN ('starting', 'running')");
    statement->bind(":pid", pid);
    statement->bind(":started", started_ms);
    return statement->exec() == 1;
  });
}

Result<bool> TaskStore::request_stop(const std::string& pid, const std::string& by) {
  return database_.attempt("recording a stop", [&]() -> Result<bool> {
    auto statement = statements_.use(
        "UPDATE tasks SET stop_by = :by WHERE pid = :pid AND state <> 'closed' AND stop_by IS NULL");
    statement->bind(":pid", pid);
    statement->bind(":by", by);
    return statement->exec() == 1;
  });
}

Result<bool> TaskStore::close(const std::string& pid, const TaskClosing& closing) {
  return database_.attempt("closing a task", [&]() -> Result<bool> {
    auto statement = statements_.use(
        "UPDATE tasks SET state = 'closed', started_ms = NULLIF(:started, 0), finished_ms = :finished, "
        "outcome = json_object('kind', :kind, 'exitCode', :exit_code, 'signal', :signal, 'message', "
        ":message), "
        "cpu_sec = :cpu, memory_peak_mb = :peak, output_bytes = :output, status_text = :status, "
        "status_progress = :progress WHERE pid = :pid AND state <> "
        "'closed'");
    statement->bind(":pid", pid);
    statement->bind(":started", closing.started_ms);
    statement->bind(":finished", closing.finished_ms);
    statement->bind(":kind", std::string(to_string(closing.outcome.kind)));
    bind_number(*statement, ":exit_code", closing.outcome.exit_code);
    bind_number(*statement, ":signal", closing.outcome.signal);
    statement->bind(":message", closing.outcome.message);
    statement->bind(":cpu", closing.usage.cpu_sec);
    statement->bind(":peak", closing.usage.memory_peak_mb);
    statement->bind(":output", static_cast<std::int64_t>(closing.usage.output_bytes));
    if (closing.progress) {
      statement->bind(":status", closing.progress->text);
    } else {
      statement->bind(":status");
    }
    if (closing.progress && closing.progress->done) {
      statement->bind(":progress", *closing.progress->done);
    } else {
      statement->bind(":progress");
    }
    return statement->exec() == 1;
  });
}

Result<std::vector<TaskRow>> TaskStore::rows(SQLite::Statement& statement) {
  std::vector<TaskRow> found;
  while (statement.executeStep()) {
    auto row = read_row(statement);
    if (!row) return pass_on(row);
    found.push_back(*std::move(row));
  }
  return found;
}

Result<std::optional<TaskRow>> TaskStore::find(const std::string& pid) {
  return database_.attempt("reading a task", [&]() -> Result<std::optional<TaskRow>> {
    auto statement = statements_.use(std::string(kColumns) + "WHERE pid = :pid");
    statement->bind(":pid", pid);
    if (!statement->executeStep()) return std::nullopt;
    auto row = read_row(*statement);
    if (!row) return pass_on(row);
    return *std::move(row);
  });
}

Result<std::vector<TaskRow>> TaskStore::list(const TaskFilter& filter) {
  return database_.attempt("listing tasks", [&]() -> Result<std::vector<TaskRow>> {
    // Only the conditions that were asked for, so that each shape uses its index; there are few shapes to
    // keep.
    std::string sql = std::string(kColumns) + "WHERE TRUE";
    if (filter.state == TaskState::closed) {
      sql += " AND state = 'closed'";
    } else if (filter.state) {
      sql += fmt::format(" AND state = '{}' AND state <> 'closed'", to_string(*filter.state));
    }
    if (!filter.application_id.empty()) sql += " AND application_id = :application";
    if (!filter.script_id.empty()) sql += " AND script_id = :script";
    if (filter.outcome) sql += " AND outcome ->> '$.kind' = :outcome";
    std::optional<TaskRow> before;
    if (!filter.before.empty()) {
      auto bound = find(filter.before);
      if (!bound) return pass_on(bound);
      if (!*bound) return fail(ErrorCode::invalid_argument, "before: there is no task {}", filter.before);
      before = **std::move(bound);
      sql += " AND sequence < :before";
    }
    auto statement = statements_.use(sql + " ORDER BY sequence DESC LIMIT :limit");
    if (!filter.application_id.empty()) statement->bind(":application", filter.application_id);
    if (!filter.script_id.empty()) statement->bind(":script", filter.script_id);
    if (filter.outcome) statement->bind(":outcome", std::string(to_string(*filter.outcome)));
    if (before) statement->bind(":before", before->sequence);
    statement->bind(":limit", filter.limit);
    return rows(*statement);
  });
}

Result<std::vector<TaskRow>> TaskStore::open() {
  return database_.attempt("listing open tasks", [&]() -> Result<std::vector<TaskRow>> {
    auto statement = statements_.use(std::string(kColumns) + "WHERE state <> 'closed' ORDER BY sequence");
    return rows(*statement);
  });
}

Result<std::vector<std::string>> TaskStore::children(const std::string& pid) {
  return database_.attempt("listing child tasks", [&]() -> Result<std::vector<std::string>> {
    auto statement = statements_.use("SELECT pid FROM tasks WHERE parent_pid = :pid ORDER BY sequence");
    statement->bind(":pid", pid);
    std::vector<std::string> pids;
    while (statement->executeStep()) pids.push_back(statement->getColumn(0).getString());
    return pids;
  });
}

}  // namespace am::storage
