#include "storage/account_store.h"

#include <SQLiteCpp/VariadicBind.h>
#include <sqlite3.h>

#include "base/clock.h"
#include "base/random.h"

namespace am::storage {
namespace {

const char* to_text(TokenKind kind) {
  switch (kind) {
    case TokenKind::local:
      return "local";
    case TokenKind::api:
      return "api";
    case TokenKind::session:
      return "session";
    case TokenKind::sign_in:
      return "sign_in";
  }
  return "";
}

std::optional<User> read_user(SQLite::Statement& row) {
  if (!row.executeStep()) return std::nullopt;
  return User{.id = row.getColumn(0).getString(),
              .name = row.getColumn(1).getString(),
              .role = row.getColumn(2).getString()};
}

void delete_token(Database& database, const std::string& hash) {
  SQLite::Statement remove(database.connection(), "DELETE FROM tokens WHERE hash = ?");
  remove.bind(1, hash);
  remove.exec();
}

}  // namespace

template <typename Work>
auto AccountStore::change_rows(const char* what, Work&& work) -> decltype(work()) {
  auto result = database_.transact(what, std::forward<Work>(work));
  tokens_.clear();
  parameters_.clear();
  return result;
}

std::optional<User> AccountStore::owner_of(const std::string& hash, TokenKind kind, std::int64_t now_ms) {
  const Token* token = tokens_.find(hash);
  if (token == nullptr) {
    auto row = statements_.use(
        "SELECT users.id, users.name, users.role, tokens.kind, tokens.expires_ms "
        "FROM tokens JOIN users ON users.id = tokens.user_id WHERE tokens.hash = ?");
    row->bind(1, hash);
    auto owner = read_user(*row);
    if (!owner) return std::nullopt;
    const auto expires = row->getColumn(4);
    token = &tokens_.keep(
        hash, {.owner = *std::move(owner),
               .kind = row->getColumn(3).getString(),
               .expires_ms = expires.isNull() ? std::nullopt : std::optional(expires.getInt64())});
  }
  const bool good = token->kind == to_text(kind) && (!token->expires_ms || *token->expires_ms > now_ms);
  return good ? std::optional(token->owner) : std::nullopt;
}

Result<User> AccountStore::add_user(const std::string& name, const std::string& role) {
  return change_rows("add a user", [&]() -> Result<User> {
    const User user{.id = random_uuid(), .name = name, .role = role};
    SQLite::Statement insert(database_.connection(), "INSERT INTO users (id, name, role) VALUES (?, ?, ?)");
    SQLite::bind(insert, user.id, user.name, user.role);
    try {
      insert.exec();
    } catch (const SQLite::Exception& failure) {
      if (failure.getExtendedErrorCode() != SQLITE_CONSTRAINT_UNIQUE) throw;
      return fail(ErrorCode::already_exists, "name: a user named \"{}\" exists already", name);
    }
    return user;
  });
}

Result<std::optional<User>> AccountStore::find_user(const std::string& name) {
  return database_.attempt("find a user", [&]() -> Result<std::optional<User>> {
    SQLite::Statement row(database_.connection(), "SELECT id, name, role FROM users WHERE name = ?");
    row.bind(1, name);
    return read_user(row);
  });
}

Result<void> AccountStore::add_token(std::string_view secret, const std::string& user_id, TokenKind kind,
                                     std::optional<std::int64_t> expires_ms) {
  return change_rows("add a token", [&]() -> Result<void> {
    SQLite::Statement insert(database_.connection(),
                             "INSERT OR REPLACE INTO tokens (hash, user_id, kind, created_ms, expires_ms) "
                             "VALUES (?, ?, ?, ?, ?)");
    SQLite::bind(insert, secret_hash(secret), user_id, to_text(kind), wall_clock_ms());
    if (expires_ms) insert.bind(5, *expires_ms);
    insert.exec();
    return {};
  });
}

Result<std::optional<User>> AccountStore::find_token(std::string_view secret, TokenKind kind,
                                                     std::int64_t now_ms) {
  return database_.attempt("check a token", [&]() -> Result<std::optional<User>> {
    return owner_of(secret_hash(secret), kind, now_ms);
  });
}

Result<std::optional<User>> AccountStore::take_token(std::string_view secret, TokenKind kind,
                                                     std::int64_t now_ms) {
  return change_rows("use a token", [&]() -> Result<std::optional<User>> {
    const std::string hash = secret_hash(secret);
    const std::optional<User> user = owner_of(hash, kind, now_ms);
    if (user) delete_token(database_, hash);
    return user;
  });
}

Result<void> AccountStore::remove_token(std::string_view secret) {
  return change_rows("remove a token", [&]() -> Result<void> {
    delete_token(database_, secret_hash(secret));
    return {};
  });
}

Result<void> AccountStore::remove_tokens(const std::string& user_id, TokenKind kind) {
  return change_rows("remove tokens", [&]() -> Result<void> {
    SQLite::Statement remove(database_.connection(), "DELETE FROM tokens WHERE user_id = ? AND kind = ?");
    SQLite::bind(remove, user_id, to_text(kind));
    remove.exec();
    return {};
  });
}

Result<void> AccountStore::remove_expired_tokens(std::int64_t now_ms) {
  return change_rows("remove expired tokens", [&]() -> Result<void> {
    SQLite::Statement remove(database_.connection(), "DELETE FROM tokens WHERE expires_ms <= ?");
    remove.bind(1, now_ms);
    remove.exec();
    return {};
  });
}

Result<std::string> AccountStore::general_parameters(const std::string& user_id) {
  if (const std::string* kept = parameters_.find(user_id)) return *kept;
  return database_.attempt("read the general parameters", [&]() -> Result<std::string> {
    auto row = statements_.use("SELECT json FROM general_parameters WHERE user_id = ?");
    row->bind(1, user_id);
    const bool known = row->executeStep();
    return parameters_.keep(user_id, known ? row->getColumn(0).getString() : "{}");
  });
}

Result<void> AccountStore::set_general_parameters(const std::string& user_id, const std::string& json) {
  return change_rows("store the general parameters", [&]() -> Result<void> {
    SQLite::Statement upsert(database_.connection(),
                             "INSERT INTO general_parameters (user_id, json) VALUES (?, ?) "
                             "ON CONFLICT (user_id) DO UPDATE SET json = excluded.json");
    SQLite::bind(upsert, user_id, json);
    upsert.exec();
    return {};
  });
}

}  // namespace am::storage
