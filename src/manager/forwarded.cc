#include "manager/forwarded.h"

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>

#include "manager/auth.h"

namespace am::manager {
namespace {

bool is_path_character(char c) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return letter || std::string_view("/-._~").find(c) != std::string_view::npos;
}

bool is_secure(const net::Request& request) {
  return boost::algorithm::iequals(request.headers.find("X-Forwarded-Proto").value_or(""), "https");
}

}  // namespace

std::string external_prefix(const net::Request& request) {
  std::string prefix(request.headers.find("X-Forwarded-Prefix").value_or(""));
  while (prefix.ends_with('/')) prefix.pop_back();
  // "//host" would name another server, and ";" would end the path of a cookie.
  const bool plain = prefix.starts_with('/') && !prefix.starts_with("//") && prefix.size() <= 256 &&
                     std::ranges::all_of(prefix, is_path_character);
  return plain ? prefix : std::string();
}

std::string external_url(const net::Request& request) {
  return fmt::format("{}://{}{}", is_secure(request) ? "https" : "http",
                     request.headers.find("Host").value_or(""), external_prefix(request));
}

std::string session_cookie(const net::Request& request, const std::string& secret) {
  const std::string prefix = external_prefix(request);
  return fmt::format("{}={}; HttpOnly; SameSite=Strict; Path={}; Max-Age={}{}", Auth::kSessionCookie, secret,
                     prefix.empty() ? "/" : prefix, secret.empty() ? 0 : Auth::kSessionMs / 1000,
                     is_secure(request) ? "; Secure" : "");
}

}  // namespace am::manager
