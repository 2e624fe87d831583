// Where a browser sees this server, as the request and a reverse proxy in front of it say.
#pragma once

#include <string>

#include "net/http.h"

namespace am::manager {

// The path under which a proxy shows this server, as X-Forwarded-Prefix names it: "/tools/am"; empty
// without a proxy. A value that is no plain absolute path counts as none.
std::string external_prefix(const net::Request& request);

// "https://am.example/tools/am": X-Forwarded-Proto, the Host header, and the prefix.
std::string external_url(const net::Request& request);

// The Set-Cookie value that opens a browser's session with that secret; empty: the one that ends it. For this
// server's own part of the host only, and for https only where the browser came by it.
std::string session_cookie(const net::Request& request, const std::string& secret);

}  // namespace am::manager
