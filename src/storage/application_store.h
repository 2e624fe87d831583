// Applications and their executable scripts, as rows. The files on disk are the manager's business.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/task.h"
#include "storage/database.h"
#include "storage/row_cache.h"
#include "storage/statement_cache.h"

namespace am::storage {

struct Application {
  std::string id;
  std::string name;
  std::string folder;  // below sources/: "Manual-N9IBvh"
  std::int64_t created_ms = 0;
  TaskIsolation isolation = TaskIsolation::by_default;  // of its tasks that start from now on

  bool operator==(const Application&) const = default;
};

// What is to become different about an application; absent stays as it is.
struct ApplicationChange {
  std::optional<std::string> name;
  std::optional<TaskIsolation> isolation;
};

struct Script {
  std::string id;
  std::string application_id;
  std::string path;  // inside the application: "package/module.py"

  bool operator==(const Script&) const = default;
};

// Every function fails with `internal` or `unavailable` when the database does.
class ApplicationStore {
 public:
  explicit ApplicationStore(Database& database) : database_(database), statements_(database.connection()) {}

  // already_exists when the name or the folder is taken.
  Result<void> add(const Application& application);
  // Ordered by name.
  Result<std::vector<Application>> list();
  // not_found, with the id in the message.
  Result<Application> get(const std::string& id);
  Result<std::optional<Application>> find_by_name(const std::string& name);
  // All of it or nothing. not_found, or already_exists when another application has the name.
  Result<void> change(const std::string& id, const ApplicationChange& change);
  // Its scripts go with it. not_found when there is none.
  Result<void> remove(const std::string& id);
  Result<std::int64_t> count();

  // Gives the existing row where the path is executable already.
  Result<Script> add_script(const std::string& application_id, const std::string& path);
  // not_found, with the id in the message.
  Result<Script> get_script(const std::string& id);
  Result<std::optional<Script>> find_script(const std::string& application_id, const std::string& path);
  // Ordered by path.
  Result<std::vector<Script>> scripts(const std::string& application_id);
  // The scripts at `path` and in the folder `path`.
  Result<std::vector<Script>> scripts_at(const std::string& application_id, const std::string& path);
  // Removes the rows that scripts_at() lists; no error where there is none.
  Result<void> remove_scripts_at(const std::string& application_id, const std::string& path);
  // Renames the rows that scripts_at(from) lists, and drops what was recorded at `to` before.
  Result<void> move_scripts(const std::string& application_id, const std::string& from,
                            const std::string& to);

 private:
  // Every change goes through this one, which forgets what was read before.
  template <typename Work>
  auto change_rows(const char* what, Work&& work) -> decltype(work());

  Database& database_;
  // What every start of a task reads.
  StatementCache statements_;
  RowCache<Application> applications_;  // by id
  RowCache<Script> scripts_;            // by id
  RowCache<Script> scripts_by_path_;    // by application id and path
};

}  // namespace am::storage
