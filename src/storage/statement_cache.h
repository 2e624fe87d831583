// Prepared statements, kept by their text and lent out one use at a time.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <string>
#include <unordered_map>

namespace am::storage {

class StatementCache {
 public:
  explicit StatementCache(SQLite::Database& connection) : connection_(connection) {}

  // A statement for one use, reset at its end so that no read stays open between uses. Every use binds all of
  // the statement's parameters.
  class Lease {
   public:
    explicit Lease(SQLite::Statement& statement) : statement_(statement) {}
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ~Lease() { statement_.tryReset(); }
    SQLite::Statement* operator->() { return &statement_; }
    SQLite::Statement& operator*() { return statement_; }

   private:
    SQLite::Statement& statement_;
  };

  // Throws SQLite::Exception where the text cannot be prepared. The same text is not lent twice at one time.
  Lease use(const std::string& sql) {
    auto found = kept_.find(sql);
    if (found == kept_.end()) found = kept_.try_emplace(sql, connection_, sql).first;
    return Lease(found->second);
  }

 private:
  SQLite::Database& connection_;
  std::unordered_map<std::string, SQLite::Statement> kept_;
};

}  // namespace am::storage
