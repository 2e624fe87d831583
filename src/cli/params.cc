#include "cli/params.h"

#include <algorithm>

#include "base/files.h"
#include "jsontext/parse.h"

namespace am::cli {
namespace {

constexpr std::size_t kParamsDepth = 100;  // as the server takes them
constexpr std::uint64_t kParamsLimit = 16ULL << 20;

std::string_view kind_word(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      return "null";
    case json::kind::bool_:
      return "true or false";
    case json::kind::array:
      return "an array";
    case json::kind::string:
      return "a string";
    case json::kind::object:
      return "an object";
    default:
      return "a number";
  }
}

std::string position_words(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t line_start = before.rfind('\n');
  const std::size_t column = offset - (line_start == std::string_view::npos ? 0 : line_start + 1) + 1;
  return fmt::format("line {}, column {}", line, column);
}

}  // namespace

Result<json::object> parse_object(std::string_view source, std::string_view text) {
  ParsedJson parsed = parse_json_text(text, kParamsDepth);
  if (parsed.error) {
    return fail(ErrorCode::invalid_argument, "{}: not JSON at {}: {}", source,
                position_words(text, std::min(parsed.offset, text.size())), parsed.error.message());
  }
  json::value& value = parsed.value;
  if (!value.is_object()) {
    return fail(ErrorCode::invalid_argument, "{}: must be a JSON object such as {{\"x\": 1}}, not {}", source,
                kind_word(value));
  }
  return std::move(value.get_object());
}

Result<json::object> read_params(std::string_view field, const std::string& argument) {
  if (!argument.starts_with('@')) return parse_object(field, argument);
  const std::string file = argument.substr(1);
  if (file.empty()) {
    return fail(ErrorCode::invalid_argument, "{}: @ needs a file name behind it (@- is standard input)",
                field);
  }
  const auto text = read_file(file == "-" ? "/dev/stdin" : file, kParamsLimit);
  if (!text) return fail(ErrorCode::invalid_argument, "{}: {}", field, text.error().message);
  return parse_object(fmt::format("{} {}", field, file), *text);
}

}  // namespace am::cli
