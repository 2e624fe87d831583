// The JSON object of --params and `am params set`, checked before anything is sent.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "base/error.h"

namespace am::cli {

namespace json = boost::json;

// `argument` is the object itself, "@FILE" or "@-" (standard input). An error is invalid_argument and starts
// with `field`; one of the JSON's form names the line and the column.
Result<json::object> read_params(std::string_view field, const std::string& argument);

// The same for text that is already there; `source` says where it came from ("--params", "params.json").
Result<json::object> parse_object(std::string_view source, std::string_view text);

}  // namespace am::cli
