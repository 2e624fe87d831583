#include <boost/url.hpp>

#include <charconv>

#include "net/http_client.h"

namespace am::net {

Result<Url> parse_url(std::string_view text) {
  const auto parsed = boost::urls::parse_uri(text);
  if (!parsed || parsed->scheme() != "http" || parsed->encoded_host().empty() || parsed->has_userinfo() ||
      parsed->has_query() || parsed->has_fragment()) {
    return fail(ErrorCode::invalid_argument, "address \"{}\": expected http://HOST:PORT", text);
  }
  Url url;
  url.host = parsed->host_address();
  if (const std::string_view port = parsed->port(); !port.empty()) {
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), url.port);
    if (error != std::errc() || url.port == 0) {
      return fail(ErrorCode::invalid_argument, "address \"{}\": port {} is not within 1 to 65535", text,
                  port);
    }
  }
  url.path_prefix = parsed->encoded_path();
  while (url.path_prefix.ends_with('/')) url.path_prefix.pop_back();
  return url;
}

}  // namespace am::net
