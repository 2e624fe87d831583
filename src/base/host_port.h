// "HOST:PORT" as options take it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace am {

struct HostPort {
  std::string host;  // without the brackets of an IPv6 address
  std::uint16_t port = 0;

  bool operator==(const HostPort&) const = default;
};

// "127.0.0.1:8080", "[::1]:8080", "name:8080". invalid_argument names `field`, the text and what is wrong
// with it.
Result<HostPort> parse_host_port(std::string_view field, std::string_view text);

// The way back, with brackets where the host needs them.
std::string to_string(const HostPort& address);

}  // namespace am
