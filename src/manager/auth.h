// Who asks: bearer tokens, sign-in links and the browser sessions that come of them.
#pragma once

#include <string>

#include "base/error.h"
#include "net/http.h"
#include "storage/account_store.h"

namespace am::manager {

struct Identity {
  storage::User user;
  bool by_cookie = false;  // a browser's session: changes need an Origin of ours
};

// Who asks, as the guard established it. Only for handlers of routes that need a token.
const Identity& identity_of(const net::Request& request);

class Auth {
 public:
  static constexpr std::int64_t kSignInCodeMs = 15LL * 60 * 1000;         // long enough to walk to a browser
  static constexpr std::int64_t kSessionMs = 30LL * 24 * 60 * 60 * 1000;  // then the browser signs in again
  static constexpr const char* kSessionCookie = "am_session";

  explicit Auth(storage::AccountStore& accounts) : accounts_(accounts) {}

  // By "Authorization: Bearer TOKEN", else by the session cookie; `unauthenticated` says what is missing.
  Result<Identity> authenticate(const net::Request& request);

  // A code that opens one session for the user, good once and for kSignInCodeMs.
  Result<std::string> make_sign_in_code(const std::string& user_id);
  // The secret of a new session; `unauthenticated` for a code that is unknown, used or too old.
  Result<std::string> open_session(const std::string& code);
  // Ends the session whose cookie the request carries; nothing where it carries none.
  Result<void> close_session(const net::Request& request);

 private:
  storage::AccountStore& accounts_;
};

// The value of one cookie; empty where it is not there.
std::string cookie_value(const net::Request& request, std::string_view name);

}  // namespace am::manager
