// JSON texts to values, with numbers exactly as they are written.
#pragma once

#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <string_view>

namespace am {

struct ParsedJson {
  boost::json::value value;         // null after an error
  boost::system::error_code error;  // one of boost::json::error
  std::size_t offset = 0;           // how far the text was understood
};

// Parses the whole text. A number with a fraction becomes the nearest double: Boost 1.81's own parser is off
// by one unit in the last place in about every fifth, and what a user gave would arrive as something else.
// Integers beyond 64 bits become doubles. Objects and lists may be nested `depth` levels deep.
ParsedJson parse_json_text(std::string_view text, std::size_t depth = 64);

}  // namespace am
