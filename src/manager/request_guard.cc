#include "manager/request_guard.h"

#include <algorithm>
#include <boost/asio/ip/address.hpp>

#include "net/ascii.h"

namespace am::manager {
namespace {

std::string to_lower(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), net::to_lower);
  return lower;
}

// "[::1]:8080" -> "::1", "name:80" -> "name".
std::string host_name(std::string_view host) {
  if (host.starts_with('[')) {
    const std::size_t end = host.find(']');
    return std::string(host.substr(1, end == std::string_view::npos ? end : end - 1));
  }
  return to_lower(host.substr(0, host.rfind(':')));
}

bool is_address(const std::string& name) {
  boost::system::error_code error;
  asio::ip::make_address(name, error);
  return !error;
}

std::string without_port(std::string authority, std::string_view port) {
  if (authority.ends_with(port)) authority.resize(authority.size() - port.size());
  return authority;
}

bool changes_something(std::string_view method) {
  return method != "GET" && method != "HEAD" && method != "OPTIONS";
}

}  // namespace

Result<void> check_host(std::string_view host, const std::vector<std::string>& allowed) {
  const std::string name = host_name(host);
  if (is_address(name) || name == "localhost" || name.ends_with(".localhost")) return {};
  if (std::ranges::find(allowed, name) != allowed.end()) return {};
  return fail(ErrorCode::forbidden,
              "Host: \"{}\" is not a name of this server; allow it with AM_ALLOWED_HOSTS if it is", host);
}

std::string authority_of(std::string_view origin) {
  const std::size_t separator = origin.find("://");
  if (separator == std::string_view::npos) return {};
  const std::string scheme = to_lower(origin.substr(0, separator));
  std::string authority = to_lower(origin.substr(separator + 3));
  if (scheme == "http") return without_port(std::move(authority), ":80");
  if (scheme == "https") return without_port(std::move(authority), ":443");
  return {};
}

Result<void> check_origin(std::string_view origin, std::string_view host) {
  const std::string from = authority_of(origin);
  const bool secure = origin.starts_with("https");
  const std::string own = without_port(to_lower(host), secure ? ":443" : ":80");
  if (!from.empty() && from == own) return {};
  return fail(ErrorCode::forbidden, "Origin: \"{}\" is not this server; requests of other sites are refused",
              origin);
}

Result<void> RequestGuard::operator()(const net::Route& route, net::Request& request) {
  const auto host = request.headers.find("Host");
  if (!host || host->empty()) return fail(ErrorCode::invalid_argument, "Host: the header is missing");
  if (auto checked = check_host(*host, allowed_hosts_); !checked) return checked;
  const auto origin = request.headers.find("Origin");
  if (origin) {
    if (auto checked = check_origin(*origin, *host); !checked) return checked;
  }
  if (route.public_access) return {};
  auto identity = auth_.authenticate(request);
  if (!identity) return pass_on(identity);
  // A cookie travels with any request that a browser makes; only a page of ours may use it to change
  // something.
  if (identity->by_cookie && changes_something(request.method) && !origin) {
    return fail(ErrorCode::forbidden,
                "Origin: missing; with a session cookie, a request that changes something needs it");
  }
  request.principal = *std::move(identity);
  return {};
}

}  // namespace am::manager
