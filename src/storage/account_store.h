// Users, the hashes of their secrets, and their general parameters.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "storage/database.h"
#include "storage/row_cache.h"
#include "storage/statement_cache.h"

namespace am::storage {

struct User {
  std::string id;
  std::string name;
  std::string role;  // "admin"

  bool operator==(const User&) const = default;
};

enum class TokenKind {
  local,    // the one that the manager keeps in its data folder for the command line
  api,      // given to a program
  session,  // a browser's cookie
  sign_in,  // the code of a sign-in link, good once
};

// Every function fails with `internal` or `unavailable` when the database does. Secrets are stored as hashes.
class AccountStore {
 public:
  explicit AccountStore(Database& database) : database_(database), statements_(database.connection()) {}

  // already_exists when the name is taken.
  Result<User> add_user(const std::string& name, const std::string& role);
  Result<std::optional<User>> find_user(const std::string& name);

  // `expires_ms` is wall-clock time; without it the token is good until it is removed.
  Result<void> add_token(std::string_view secret, const std::string& user_id, TokenKind kind,
                         std::optional<std::int64_t> expires_ms = std::nullopt);
  // Whose token it is, where it is known, of that kind and not expired at `now_ms`.
  Result<std::optional<User>> find_token(std::string_view secret, TokenKind kind, std::int64_t now_ms);
  // The same, and the token is gone afterwards.
  Result<std::optional<User>> take_token(std::string_view secret, TokenKind kind, std::int64_t now_ms);
  Result<void> remove_token(std::string_view secret);
  Result<void> remove_tokens(const std::string& user_id, TokenKind kind);
  Result<void> remove_expired_tokens(std::int64_t now_ms);

  // A JSON object as text; "{}" where none was set.
  Result<std::string> general_parameters(const std::string& user_id);
  Result<void> set_general_parameters(const std::string& user_id, const std::string& json);

 private:
  struct Token {
    User owner;
    std::string kind;
    std::optional<std::int64_t> expires_ms;
  };

  std::optional<User> owner_of(const std::string& hash, TokenKind kind, std::int64_t now_ms);
  // Every change goes through this one, which forgets what was read before.
  template <typename Work>
  auto change_rows(const char* what, Work&& work) -> decltype(work());

  Database& database_;
  // What every request and every start of a task reads.
  StatementCache statements_;
  RowCache<Token> tokens_;            // by hash
  RowCache<std::string> parameters_;  // general ones, by user id
};

}  // namespace am::storage
