#include "jsontext/parse.h"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>
#include <charconv>
#include <cmath>
#include <string>

namespace am {
namespace {

namespace json = boost::json;
using Code = boost::system::error_code;

// What the parser calls; the names are the library's.
struct Builder {
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  json::value_stack stack;
  std::string number;  // the part of a number that came before its last piece

  static bool on_document_begin(Code&) { return true; }
  static bool on_document_end(Code&) { return true; }
  static bool on_object_begin(Code&) { return true; }
  static bool on_array_begin(Code&) { return true; }
  static bool on_comment_part(std::string_view, Code&) { return true; }
  static bool on_comment(std::string_view, Code&) { return true; }
  bool on_object_end(std::size_t count, Code&) {
    stack.push_object(count);
    return true;
  }
  bool on_array_end(std::size_t count, Code&) {
    stack.push_array(count);
    return true;
  }
  bool on_key_part(std::string_view text, std::size_t, Code&) {
    stack.push_chars(text);
    return true;
  }
  bool on_key(std::string_view text, std::size_t, Code&) {
    stack.push_key(text);
    return true;
  }
  bool on_string_part(std::string_view text, std::size_t, Code&) {
    stack.push_chars(text);
    return true;
  }
  bool on_string(std::string_view text, std::size_t, Code&) {
    stack.push_string(text);
    return true;
  }
  bool on_number_part(std::string_view text, Code&) {
    number += text;
    return true;
  }
  bool on_int64(std::int64_t value, std::string_view, Code&) {
    number.clear();
    stack.push_int64(value);
    return true;
  }
  bool on_uint64(std::uint64_t value, std::string_view, Code&) {
    number.clear();
    stack.push_uint64(value);
    return true;
  }
  bool on_double(double value, std::string_view text, Code&) {
    number += text;
    double exact = 0;
    const char* const end = number.data() + number.size();
    const auto [stop, error] = std::from_chars(number.data(), end, exact);
    // Out of range both agree: 1e999 is infinite, 1e-999 is zero.
    stack.push_double(error == std::errc() && stop == end ? exact : value);
    number.clear();
    return true;
  }
  bool on_bool(bool value, Code&) {
    stack.push_bool(value);
    return true;
  }
  bool on_null(Code&) {
    stack.push_null();
    return true;
  }
};

}  // namespace

ParsedJson parse_json_text(std::string_view text, std::size_t depth) {
  json::parse_options options;
  options.max_depth = depth;
  json::basic_parser<Builder> parser(options);
  parser.handler().stack.reset();
  ParsedJson parsed;
  parsed.offset = parser.write_some(false, text.data(), text.size(), parsed.error);
  if (!parsed.error && parsed.offset < text.size()) parsed.error = json::error::extra_data;
  if (!parsed.error) parsed.value = parser.handler().stack.release();
  return parsed;
}

}  // namespace am
