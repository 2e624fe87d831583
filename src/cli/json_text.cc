#include "cli/json_text.h"

#include <fmt/format.h>

namespace am::cli {
namespace {

namespace json = boost::json;

void append(std::string& text, const json::value& value);

void append_object(std::string& text, const json::object& object) {
  text += '{';
  bool first = true;
  for (const auto& member : object) {
    if (!first) text += ',';
    first = false;
    text += json::serialize(member.key());
    text += ':';
    append(text, member.value());
  }
  text += '}';
}

void append_array(std::string& text, const json::array& array) {
  text += '[';
  for (std::size_t i = 0; i < array.size(); ++i) {
    if (i > 0) text += ',';
    append(text, array[i]);
  }
  text += ']';
}

void append(std::string& text, const json::value& value) {
  if (value.is_object()) {
    append_object(text, value.get_object());
  } else if (value.is_array()) {
    append_array(text, value.get_array());
  } else if (value.is_double()) {
    text += fmt::format("{}", value.get_double());
  } else {
    text += json::serialize(value);
  }
}

}  // namespace

std::string json_text(const json::value& value) {
  std::string text;
  append(text, value);
  return text;
}

}  // namespace am::cli
