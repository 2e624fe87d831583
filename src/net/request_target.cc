#include "net/request_target.h"

#include <algorithm>

#include "net/ascii.h"
#include "net/http.h"

namespace am::net {

namespace {

// "a=1&b": in a query a plus sign is a space.
Result<std::map<std::string, std::string>> parse_query(std::string_view text) {
  std::map<std::string, std::string> query;
  while (!text.empty()) {
    const auto pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(pair.size() + 1, text.size()));
    if (pair.empty()) continue;
    const auto equals = std::min(pair.find('='), pair.size());
    std::string name(pair.substr(0, equals));
    std::string value(pair.substr(std::min(equals + 1, pair.size())));
    std::ranges::replace(name, '+', ' ');
    std::ranges::replace(value, '+', ' ');
    auto decoded_name = percent_decode(name);
    if (!decoded_name) return pass_on(decoded_name);
    auto decoded_value = percent_decode(value);
    if (!decoded_value) return pass_on(decoded_value);
    query[std::move(*decoded_name)] = std::move(*decoded_value);
  }
  return query;
}

// "http://host:80/path" -> "/path", as a proxy's client would send it.
std::string_view without_authority(std::string_view target) {
  static constexpr std::string_view kScheme = "http://";
  if (!equal_ignoring_case(target.substr(0, kScheme.size()), kScheme)) return target;
  target.remove_prefix(kScheme.size());
  const auto path = target.find_first_of("/?");
  return path == std::string_view::npos ? "/" : target.substr(path);
}

}  // namespace

Result<RequestTarget> parse_target(std::string_view target) {
  const auto local = without_authority(target);
  const auto mark = std::min(local.find('?'), local.size());
  RequestTarget parsed;
  parsed.path = local.substr(0, mark);
  if (parsed.path.empty() && local.size() != target.size()) parsed.path = "/";
  if (parsed.path != "*" && !parsed.path.starts_with('/')) {
    return fail(ErrorCode::invalid_argument, "request target \"{}\": expected a path", target);
  }
  auto query = parse_query(local.substr(std::min(mark + 1, local.size())));
  if (!query) return fail(query.error().code, "query: {}", query.error().message);
  parsed.query = std::move(*query);
  return parsed;
}

}  // namespace am::net
