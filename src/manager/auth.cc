#include "manager/auth.h"

#include "base/clock.h"
#include "base/random.h"
#include "net/ascii.h"

namespace am::manager {
namespace {

// Longer than any secret of ours; what is longer is not worth a hash.
constexpr std::size_t kTokenLimit = 256;

// "" for another scheme or an empty token.
std::string_view bearer_token(std::string_view authorization) {
  constexpr std::string_view kScheme = "Bearer ";
  if (!net::equal_ignoring_case(authorization.substr(0, kScheme.size()), kScheme)) return {};
  std::string_view token = authorization.substr(kScheme.size());
  while (token.starts_with(' ')) token.remove_prefix(1);
  return token;
}

}  // namespace

const Identity& identity_of(const net::Request& request) {
  return std::any_cast<const Identity&>(request.principal);
}

Result<Identity> Auth::authenticate(const net::Request& request) {
  const std::int64_t now = wall_clock_ms();
  if (const auto authorization = request.headers.find("Authorization")) {
    const std::string_view token = bearer_token(*authorization);
    if (token.empty()) {
      return fail(ErrorCode::unauthenticated, "Authorization: must be \"Bearer TOKEN\"");
    }
    for (const auto kind : {storage::TokenKind::local, storage::TokenKind::api}) {
      if (token.size() > kTokenLimit) break;
      auto user = accounts_.find_token(token, kind, now);
      if (!user) return pass_on(user);
      if (*user) return Identity{.user = std::move(**user)};
    }
    return fail(ErrorCode::unauthenticated, "Authorization: the token is not known or has expired");
  }
  const std::string session = cookie_value(request, kSessionCookie);
  if (session.empty()) {
    return fail(ErrorCode::unauthenticated,
                "no token: send the header \"Authorization: Bearer TOKEN\", or sign in with a link");
  }
  if (session.size() <= kTokenLimit) {
    auto user = accounts_.find_token(session, storage::TokenKind::session, now);
    if (!user) return pass_on(user);
    if (*user) return Identity{.user = std::move(**user), .by_cookie = true};
  }
  return fail(ErrorCode::unauthenticated, "the session is over; sign in again");
}

Result<std::string> Auth::make_sign_in_code(const std::string& user_id) {
  std::string code = random_secret();
  const std::int64_t now = wall_clock_ms();
  if (auto cleaned = accounts_.remove_expired_tokens(now); !cleaned) return pass_on(cleaned);
  auto added = accounts_.add_token(code, user_id, storage::TokenKind::sign_in, now + kSignInCodeMs);
  if (!added) return pass_on(added);
  return code;
}

Result<std::string> Auth::open_session(const std::string& code) {
  const std::int64_t now = wall_clock_ms();
  std::optional<storage::User> user;
  if (!code.empty() && code.size() <= kTokenLimit) {
    auto taken = accounts_.take_token(code, storage::TokenKind::sign_in, now);
    if (!taken) return pass_on(taken);
    user = std::move(*taken);
  }
  if (!user) return fail(ErrorCode::unauthenticated, "this sign-in link was used already or is too old");
  std::string session = random_secret();
  auto added = accounts_.add_token(session, user->id, storage::TokenKind::session, now + kSessionMs);
  if (!added) return pass_on(added);
  return session;
}

Result<void> Auth::close_session(const net::Request& request) {
  const std::string session = cookie_value(request, kSessionCookie);
  if (session.empty() || session.size() > kTokenLimit) return {};
  return accounts_.remove_token(session);
}

std::string cookie_value(const net::Request& request, std::string_view name) {
  for (const auto& [field, value] : request.headers.all()) {
    if (!net::equal_ignoring_case(field, "Cookie")) continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const std::size_t end = rest.find(';');
      std::string_view pair = rest.substr(0, end);
      rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
      while (pair.starts_with(' ')) pair.remove_prefix(1);
      const std::size_t equals = pair.find('=');
      if (equals != std::string_view::npos && pair.substr(0, equals) == name) {
        return std::string(pair.substr(equals + 1));
      }
    }
  }
  return {};
}

}  // namespace am::manager
