#include "storage/application_store.h"

#include <SQLiteCpp/VariadicBind.h>
#include <sqlite3.h>

#include "base/random.h"

namespace am::storage {
namespace {

constexpr const char* kApplicationColumns =
    "SELECT id, name, folder, created_ms, isolation FROM applications";
constexpr const char* kScriptColumns = "SELECT id, application_id, path FROM scripts";

// A path itself, or everything below it: "a/b" also takes "a/b/c". '0' is the character after '/'.
constexpr const char* kAtPath =
    " WHERE application_id = ?1 AND (path = ?2 OR (path >= ?2 || '/' AND path < ?2 || '0'))";

Result<Application> read_application(SQLite::Statement& row) {
  const auto isolation = parse_task_isolation(row.getColumn(4).getString());
  if (!isolation) {
    return fail(ErrorCode::internal, "the stored application {} is damaged: {}", row.getColumn(0).getString(),
                isolation.error().message);
  }
  return Application{.id = row.getColumn(0).getString(),
                     .name = row.getColumn(1).getString(),
                     .folder = row.getColumn(2).getString(),
                     .created_ms = row.getColumn(3).getInt64(),
                     .isolation = *isolation};
}

Script read_script(SQLite::Statement& row) {
  return Script{.id = row.getColumn(0).getString(),
                .application_id = row.getColumn(1).getString(),
                .path = row.getColumn(2).getString()};
}

std::vector<Script> read_scripts(SQLite::Statement& rows) {
  std::vector<Script> scripts;
  while (rows.executeStep()) scripts.push_back(read_script(rows));
  return scripts;
}

bool is_unique_violation(const SQLite::Exception& failure) {
  return failure.getExtendedErrorCode() == SQLITE_CONSTRAINT_UNIQUE;
}

std::unexpected<Error> no_application(const std::string& id) {
  return fail(ErrorCode::not_found, "no application with the id \"{}\"", id);
}

std::unexpected<Error> name_taken(const std::string& name) {
  return fail(ErrorCode::already_exists, "name: an application named \"{}\" exists already", name);
}

}  // namespace

template <typename Work>
auto ApplicationStore::change_rows(const char* what, Work&& work) -> decltype(work()) {
  auto result = database_.transact(what, std::forward<Work>(work));
  applications_.clear();
  scripts_.clear();
  scripts_by_path_.clear();
  return result;
}

Result<void> ApplicationStore::add(const Application& application) {
  return change_rows("add an application", [&]() -> Result<void> {
    SQLite::Statement insert(
        database_.connection(),
        "INSERT INTO applications (id, name, folder, created_ms, isolation) VALUES (?, ?, ?, ?, ?)");
    SQLite::bind(insert, application.id, application.name, application.folder, application.created_ms,
                 std::string(to_string(application.isolation)));
    try {
      insert.exec();
    } catch (const SQLite::Exception& failure) {
      if (is_unique_violation(failure)) return name_taken(application.name);
      throw;
    }
    return {};
  });
}

Result<std::vector<Application>> ApplicationStore::list() {
  return database_.attempt("list the applications", [&]() -> Result<std::vector<Application>> {
    SQLite::Statement rows(database_.connection(), std::string(kApplicationColumns) + " ORDER BY name, id");
    std::vector<Application> applications;
    while (rows.executeStep()) {
      auto application = read_application(rows);
      if (!application) return pass_on(application);
      applications.push_back(*std::move(application));
    }
    return applications;
  });
}

Result<Application> ApplicationStore::get(const std::string& id) {
  if (const Application* kept = applications_.find(id)) return *kept;
  return database_.attempt("read an application", [&]() -> Result<Application> {
    auto row = statements_.use(std::string(kApplicationColumns) + " WHERE id = ?");
    row->bind(1, id);
    if (!row->executeStep()) return no_application(id);
    auto application = read_application(*row);
    if (application) applications_.keep(id, *application);
    return application;
  });
}

Result<std::optional<Application>> ApplicationStore::find_by_name(const std::string& name) {
  return database_.attempt("find an application", [&]() -> Result<std::optional<Application>> {
    SQLite::Statement row(database_.connection(), std::string(kApplicationColumns) + " WHERE name = ?");
    row.bind(1, name);
    if (!row.executeStep()) return std::nullopt;
    auto application = read_application(row);
    if (!application) return pass_on(application);
    return *std::move(application);
  });
}

Result<void> ApplicationStore::change(const std::string& id, const ApplicationChange& change) {
  return change_rows("change an application", [&]() -> Result<void> {
    // What is not bound is NULL, and leaves the column as it is.
    SQLite::Statement update(database_.connection(),
                             "UPDATE applications SET name = coalesce(:name, name), "
                             "isolation = coalesce(:isolation, isolation) WHERE id = :id");
    if (change.name) update.bind(":name", *change.name);
    if (change.isolation) update.bind(":isolation", std::string(to_string(*change.isolation)));
    update.bind(":id", id);
    try {
      if (update.exec() == 0) return no_application(id);
    } catch (const SQLite::Exception& failure) {
      if (change.name && is_unique_violation(failure)) return name_taken(*change.name);
      throw;
    }
    return {};
  });
}

Result<void> ApplicationStore::remove(const std::string& id) {
  return change_rows("delete an application", [&]() -> Result<void> {
    SQLite::Statement remove(database_.connection(), "DELETE FROM applications WHERE id = ?");
    remove.bind(1, id);
    if (remove.exec() == 0) return no_application(id);
    return {};
  });
}

Result<std::int64_t> ApplicationStore::count() {
  return database_.attempt("count the applications", [&]() -> Result<std::int64_t> {
    return database_.connection().execAndGet("SELECT count(*) FROM applications").getInt64();
  });
}

Result<Script> ApplicationStore::add_script(const std::string& application_id, const std::string& path) {
  return change_rows("add a script", [&]() -> Result<Script> {
    SQLite::Statement insert(database_.connection(),
                             "INSERT INTO scripts (id, application_id, path) VALUES (?, ?, ?) "
                             "ON CONFLICT (application_id, path) DO NOTHING");
    SQLite::bind(insert, random_uuid(), application_id, path);
    insert.exec();
    SQLite::Statement row(database_.connection(),
                          std::string(kScriptColumns) + " WHERE application_id = ? AND path = ?");
    SQLite::bind(row, application_id, path);
    if (!row.executeStep()) return no_application(application_id);
    return read_script(row);
  });
}

Result<Script> ApplicationStore::get_script(const std::string& id) {
  if (const Script* kept = scripts_.find(id)) return *kept;
  return database_.attempt("read a script", [&]() -> Result<Script> {
    auto row = statements_.use(std::string(kScriptColumns) + " WHERE id = ?");
    row->bind(1, id);
    if (!row->executeStep()) return fail(ErrorCode::not_found, "no executable script with the id \"{}\"", id);
    return scripts_.keep(id, read_script(*row));
  });
}

Result<std::optional<Script>> ApplicationStore::find_script(const std::string& application_id,
                                                            const std::string& path) {
  const std::string key = application_id + "/" + path;
  if (const Script* kept = scripts_by_path_.find(key)) return *kept;
  return database_.attempt("find a script", [&]() -> Result<std::optional<Script>> {
    auto row = statements_.use(std::string(kScriptColumns) + " WHERE application_id = ? AND path = ?");
    SQLite::bind(*row, application_id, path);
    if (!row->executeStep()) return std::nullopt;
    return scripts_by_path_.keep(key, read_script(*row));
  });
}

Result<std::vector<Script>> ApplicationStore::scripts(const std::string& application_id) {
  return database_.attempt("list the scripts", [&]() -> Result<std::vector<Script>> {
    SQLite::Statement rows(database_.connection(),
                           std::string(kScriptColumns) + " WHERE application_id = ? ORDER BY path");
    rows.bind(1, application_id);
    return read_scripts(rows);
  });
}

Result<std::vector<Script>> ApplicationStore::scripts_at(const std::string& application_id,
                                                         const std::string& path) {
  return database_.attempt("list the scripts", [&]() -> Result<std::vector<Script>> {
    SQLite::Statement rows(database_.connection(), std::string(kScriptColumns) + kAtPath + " ORDER BY path");
    SQLite::bind(rows, application_id, path);
    return read_scripts(rows);
  });
}

Result<void> ApplicationStore::remove_scripts_at(const std::string& application_id, const std::string& path) {
  return change_rows("remove scripts", [&]() -> Result<void> {
    SQLite::Statement remove(database_.connection(), std::string("DELETE FROM scripts") + kAtPath);
    SQLite::bind(remove, application_id, path);
    remove.exec();
    return {};
  });
}

Result<void> ApplicationStore::move_scripts(const std::string& application_id, const std::string& from,
                                            const std::string& to) {
  return change_rows("move scripts", [&]() -> Result<void> {
    SQLite::Statement remove(database_.connection(), std::string("DELETE FROM scripts") + kAtPath);
    SQLite::bind(remove, application_id, to);
    remove.exec();
    SQLite::Statement update(
        database_.connection(),
        std::string("UPDATE scripts SET path = ?3 || substr(path, length(?2) + 1)") + kAtPath);
    SQLite::bind(update, application_id, from, to);
    update.exec();
    return {};
  });
}

}  // namespace am::storage
