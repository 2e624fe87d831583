#include "storage/database.h"

#include <sqlite3.h>

#include "storage/schema.h"

namespace am::storage {

namespace {

// A log of 64 MB: writers have left the other thread no pause for long. Then a commit does it by itself.
constexpr int kMostPages = 16'000;

int on_commit(void* checkpointer, sqlite3* connection, const char* name, int pages) {
  if (pages < kMostPages) {
    static_cast<Checkpointer*>(checkpointer)->note(pages);
  } else {
    // Busy: the other thread is at it.
    sqlite3_wal_checkpoint_v2(connection, name, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  }
  return SQLITE_OK;
}

}  // namespace

Database::Database(const std::string& path)
    : connection_(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, /*busy timeout in ms*/ 2000),
      checkpointer_(path) {
  connection_.exec("PRAGMA journal_mode = WAL");
  // With WAL, NORMAL survives the death of any process; only a power cut can take the last commits.
  connection_.exec("PRAGMA synchronous = NORMAL");
  connection_.exec("PRAGMA foreign_keys = ON");
  sqlite3_wal_hook(connection_.getHandle(), &on_commit, &checkpointer_);
}

Error Database::describe(const char* what, const SQLite::Exception& failure) {
  const int code = failure.getErrorCode();
  const bool away =
      code == SQLITE_FULL || code == SQLITE_READONLY || code == SQLITE_IOERR || code == SQLITE_BUSY;
  return Error{away ? ErrorCode::unavailable : ErrorCode::internal,
               fmt::format("{}: database: {}", what, failure.what())};
}

Result<std::unique_ptr<Database>> Database::open(const std::string& path) {
  try {
    std::unique_ptr<Database> database(new Database(path));
    SQLite::Database& connection = database->connection_;
    const int version = connection.execAndGet("PRAGMA user_version").getInt();
    if (version > static_cast<int>(kMigrations.size())) {
      return fail(ErrorCode::internal,
                  "{} has schema version {}, this program knows {}: it is older than the data", path, version,
                  kMigrations.size());
    }
    for (std::size_t next = static_cast<std::size_t>(version); next < kMigrations.size(); ++next) {
      SQLite::Transaction transaction(connection, SQLite::TransactionBehavior::EXCLUSIVE);
      connection.exec(kMigrations[next]);
      connection.exec(fmt::format("PRAGMA user_version = {}", next + 1));
      transaction.commit();
    }
    return database;
  } catch (const SQLite::Exception& failure) {
    return fail(ErrorCode::internal, "cannot open the database {}: {}", path, failure.what());
  }
}

}  // namespace am::storage
