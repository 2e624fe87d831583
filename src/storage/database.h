// The manager's SQLite database: opening, migrations, and how its exceptions become errors.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <memory>
#include <string>

#include "base/error.h"
#include "storage/checkpointer.h"

namespace am::storage {

class Database {
 public:
  // Opens (or creates) the file in WAL mode and brings the schema up to date. An error names the file:
  // unreadable, no database, or of a newer version of the product.
  static Result<std::unique_ptr<Database>> open(const std::string& path);

  SQLite::Database& connection() { return connection_; }

  // Runs `work` in one transaction; a SQLite failure rolls back and becomes an `internal` error
  // (`unavailable` for a full or read-only disk), an error returned by `work` rolls back and is passed on.
  template <typename Work>
  auto transact(const char* what, Work&& work) -> decltype(work());

  // The same without a transaction of its own, for work that is one statement (SQLite makes that atomic
  // itself).
  template <typename Work>
  auto attempt(const char* what, Work&& work) -> decltype(work());

 private:
  explicit Database(const std::string& path);
  static Error describe(const char* what, const SQLite::Exception& failure);

  SQLite::Database connection_;
  Checkpointer checkpointer_;
};

template <typename Work>
auto Database::transact(const char* what, Work&& work) -> decltype(work()) {
  try {
    SQLite::Transaction transaction(connection_, SQLite::TransactionBehavior::IMMEDIATE);
    auto result = work();
    if (result) transaction.commit();
    return result;
  } catch (const SQLite::Exception& failure) {
    return std::unexpected(describe(what, failure));
  }
}

template <typename Work>
auto Database::attempt(const char* what, Work&& work) -> decltype(work()) {
  try {
    return work();
  } catch (const SQLite::Exception& failure) {
    return std::unexpected(describe(what, failure));
  }
}

}  // namespace am::storage
