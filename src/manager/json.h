// JSON bodies: parsed with errors that say where, read field by field with errors that say which.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace am::manager {

namespace json = boost::json;

// Arrays and objects may be nested this deep.
inline constexpr std::size_t kJsonDepthLimit = 100;

// invalid_argument: "body: no valid JSON at line 1, column 13: syntax error, near `{"timeout": NaN}`". `what`
// names the text in the message: "body", "params".
Result<json::value> parse_json(std::string_view what, std::string_view text);
// The same for text that must be an object: "body: must be a JSON object, not a number".
Result<json::object> parse_json_object(std::string_view what, std::string_view text);

// How a value is called in a message: "text "abc"", "5", "null", "a list".
std::string describe_json(const json::value& value);
// "text", "a number", "a list", "an object", "true or false", "null".
std::string_view json_type_name(const json::value& value);

// The fields of a body. Unknown fields are ignored. Errors: "name: missing", "name: must be text, not 5".
Result<std::string> required_text(const json::object& object, std::string_view field);
Result<std::optional<std::string>> optional_text(const json::object& object, std::string_view field);
// A missing or null field gives an empty object.
Result<json::object> optional_object(const json::object& object, std::string_view field);

}  // namespace am::manager
