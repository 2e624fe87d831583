#include "net/response_head.h"

#include <boost/beast/http/status.hpp>

#include <algorithm>
#include <ctime>
#include <iterator>
#include <stdexcept>

#include "net/ascii.h"

namespace am::net {

namespace {

bool is_token_character(char c) {
  const char lower = to_lower(c);
  return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') ||
         std::string_view("!#$%&'*+-.^_`|~").contains(c);
}

bool is_value_character(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
}

bool is_framing(std::string_view name) {
  return equal_ignoring_case(name, "Content-Length") || equal_ignoring_case(name, "Transfer-Encoding") ||
         equal_ignoring_case(name, "Connection");
}

// "Sun, 06 Nov 1994 08:49:37 GMT", made once a second.
std::string_view http_date() {
  thread_local std::time_t made = 0;
  thread_local std::string text;
  const auto now = std::time(nullptr);
  if (now != made) {
    static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::tm utc{};
    ::gmtime_r(&now, &utc);
    text = fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", kDays[utc.tm_wday], utc.tm_mday,
                       kMonths[utc.tm_mon], utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
    made = now;
  }
  return text;
}

}  // namespace

std::string_view reason_phrase(unsigned status) {
  const auto reason = boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(status));
  return {reason.data(), reason.size()};
}

void append_header(std::string& text, std::string_view name, std::string_view value) {
  if (name.empty() || !std::ranges::all_of(name, is_token_character)) {
    throw std::invalid_argument(fmt::format("header name \"{}\" is no token", name));
  }
  if (!std::ranges::all_of(value, is_value_character)) {
    throw std::invalid_argument(fmt::format("header {}: a control character in the value", name));
  }
  text.append(name).append(": ").append(value).append("\r\n");
}

std::string response_head(const ResponseHead& head) {
  std::string text;
  text.reserve(256);
  fmt::format_to(std::back_inserter(text), "HTTP/1.1 {} {}\r\nDate: {}\r\n", head.status,
                 reason_phrase(head.status), http_date());
  for (const auto& [name, value] : head.headers.all()) {
    if (!is_framing(name)) append_header(text, name, value);
  }
  if (head.framing == Framing::length) {
    fmt::format_to(std::back_inserter(text), "Content-Length: {}\r\n", head.content_length);
  } else if (head.framing == Framing::chunked) {
    text += "Transfer-Encoding: chunked\r\n";
  }
  if (!head.keep_alive) {
    text += "Connection: close\r\n";
  } else if (head.http_1_0) {
    text += "Connection: keep-alive\r\n";
  }
  text += "\r\n";
  return text;
}

}  // namespace am::net
