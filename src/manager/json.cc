#include "manager/json.h"

#include <algorithm>

#include "jsontext/parse.h"
#include "manager/utf8.h"

namespace am::manager {
namespace {

// The place of a byte, as an editor shows it.
std::pair<std::size_t, std::size_t> line_and_column(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto line = static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1;
  const std::size_t line_start = before.rfind('\n');
  const std::size_t column = line_start == std::string_view::npos ? offset + 1 : offset - line_start;
  return {line, column};
}

// The first `most` bytes, or fewer where a character would be cut.
std::string_view cut_text(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0U) == 0x80) --most;
  return text.substr(0, most);
}

// Up to 40 bytes on both sides of a place, whole characters, control characters as spaces. In what is no
// UTF-8 every other byte than ASCII is a question mark: the excerpt becomes part of a JSON answer.
std::string around(std::string_view text, std::size_t offset) {
  constexpr std::size_t kReach = 40;
  const auto inside_character = [&](std::size_t at) {
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80;
  };
  std::size_t begin = offset > kReach ? offset - kReach : 0;
  std::size_t end = std::min(text.size(), offset + kReach);
  while (begin > 0 && inside_character(begin)) --begin;
  while (inside_character(end)) ++end;
  std::string excerpt(text.substr(begin, end - begin));
  const bool is_utf8 = decode_utf8(excerpt).has_value();
  for (char& c : excerpt) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) c = ' ';
    if (byte >= 0x80 && !is_utf8) c = '?';
  }
  return excerpt;
}

}  // namespace

Result<json::value> parse_json(std::string_view what, std::string_view text) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    return fail(ErrorCode::invalid_argument, "{}: empty, must be JSON", what);
  }
  ParsedJson parsed = parse_json_text(text, kJsonDepthLimit);
  if (parsed.error == json::error::too_deep) {
    return fail(ErrorCode::invalid_argument, "{}: lists and objects are nested deeper than {}", what,
                kJsonDepthLimit);
  }
  if (parsed.error) {
    const std::size_t offset = std::min(parsed.offset, text.size());
    const auto [line, column] = line_and_column(text, offset);
    return fail(ErrorCode::invalid_argument, "{}: no valid JSON at line {}, column {}: {}, near `{}`", what,
                line, column, parsed.error.message(), around(text, offset));
  }
  return std::move(parsed.value);
}

Result<json::object> parse_json_object(std::string_view what, std::string_view text) {
  auto value = parse_json(what, text);
  if (!value) return pass_on(value);
  if (!value->is_object()) {
    return fail(ErrorCode::invalid_argument, "{}: must be a JSON object, not {}", what,
                describe_json(*value));
  }
  return std::move(value->get_object());
}

std::string_view json_type_name(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      return "null";
    case json::kind::bool_:
      return "true or false";
    case json::kind::int64:
    case json::kind::uint64:
    case json::kind::double_:
      return "a number";
    case json::kind::string:
      return "text";
    case json::kind::array:
      return "a list";
    case json::kind::object:
      return "an object";
  }
  return "";
}

std::string describe_json(const json::value& value) {
  constexpr std::size_t kShown =
      60;  // longer values are shortened; the escape keeps line breaks out of messages
  if (value.is_double()) {
    const std::string number = fmt::format("{}", value.get_double());
    return number.find_first_of(".en") == std::string::npos ? number + ".0" : number;  // not Boost's 0E0
  }
  if (value.is_array() || value.is_object()) {
    const std::string text = json::serialize(value);
    return fmt::format("{} {}{}", json_type_name(value), cut_text(text, kShown),
                       text.size() > kShown ? "..." : "");
  }
  if (!value.is_string()) return json::serialize(value);
  const json::string& text = value.get_string();
  if (text.size() <= kShown) return "the text " + json::serialize(value);
  return "the text " + json::serialize(json::value(cut_text(text, kShown))) + "...";
}

Result<std::string> required_text(const json::object& object, std::string_view field) {
  auto text = optional_text(object, field);
  if (!text) return pass_on(text);
  if (!*text) return fail(ErrorCode::invalid_argument, "{}: missing", field);
  return std::move(**text);
}

Result<std::optional<std::string>> optional_text(const json::object& object, std::string_view field) {
  const json::value* value = object.if_contains(field);
  if (value == nullptr || value->is_null()) return std::nullopt;
  if (!value->is_string()) {
    return fail(ErrorCode::invalid_argument, "{}: must be text, not {}", field, describe_json(*value));
  }
  return std::string(value->get_string());
}

Result<json::object> optional_object(const json::object& object, std::string_view field) {
  const json::value* value = object.if_contains(field);
  if (value == nullptr || value->is_null()) return json::object();
  if (!value->is_object()) {
    return fail(ErrorCode::invalid_argument, "{}: must be a JSON object, not {}", field,
                describe_json(*value));
  }
  return value->get_object();
}

}  // namespace am::manager
