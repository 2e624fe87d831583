// The text of an answer's status line and headers.
#pragma once

#include <string>

#include "net/http.h"

namespace am::net {

// How the end of an answer's body is told.
enum class Framing {
  none,     // no body, and no length: 204, 304
  length,   // Content-Length
  chunked,  // HTTP/1.1 without a known length
  close,    // the end of the connection: HTTP/1.0 without a known length
};

struct ResponseHead {
  unsigned status = 200;
  const Headers& headers;  // Content-Length, Transfer-Encoding and Connection in it are left out
  Framing framing = Framing::length;
  std::uint64_t content_length = 0;
  bool keep_alive = true;
  bool http_1_0 = false;
};

// Throws std::invalid_argument for a header name or value that would break out of its line.
std::string response_head(const ResponseHead& head);

// Throws std::invalid_argument when the name is no token or the value holds a control character.
void append_header(std::string& text, std::string_view name, std::string_view value);

// "Not Found" for 404.
std::string_view reason_phrase(unsigned status);

}  // namespace am::net
