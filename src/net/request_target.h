// The target of a request line, taken apart.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/error.h"

namespace am::net {

struct RequestTarget {
  std::string path;                          // percent-encoding untouched; "*" for the server as a whole
  std::map<std::string, std::string> query;  // decoded; of a repeated name the last counts
};

// Takes "/path?query", the same behind "http://host", and "*"; invalid_argument for anything else and for a
// query with a broken escape.
Result<RequestTarget> parse_target(std::string_view target);

}  // namespace am::net
