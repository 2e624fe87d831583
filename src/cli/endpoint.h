// Which manager a command talks to, and with what right.
#pragma once

#include <string>

#include "net/http_client.h"

namespace am::cli {

struct Endpoint {
  net::Url url;
  std::string address;  // the same as text, for messages
  std::string token;
};

// `data` is the --data option, empty when it was not given. Without it AM_URL and AM_TOKEN count; else the
// manager of the data folder, as it wrote itself down in manager/endpoint.json. `unavailable` when there is
// none.
Result<Endpoint> find_endpoint(const std::string& data);

// Reads {"url","token"}; `file` names the source in errors.
Result<Endpoint> parse_endpoint(const std::string& file, std::string_view text);

}  // namespace am::cli
