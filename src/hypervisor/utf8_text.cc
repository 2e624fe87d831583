#include "hypervisor/utf8_text.h"

#include <algorithm>

#include "base/error.h"

namespace am::hypervisor {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

struct Lead {
  std::size_t length = 0;  // of the whole character; 0: no lead byte
  unsigned char low = 0x80;
  unsigned char high =
      0xbf;  // range of the second byte: no overlong form, no surrogate, nothing above U+10FFFF
};

// Table 3-7 of the Unicode standard, "Well-Formed UTF-8 Byte Sequences".
Lead lead_of(unsigned char byte) {
  if (byte >= 0xc2 && byte <= 0xdf) return {2};
  if (byte == 0xe0) return {3, 0xa0, 0xbf};
  if (byte == 0xed) return {3, 0x80, 0x9f};
  if (byte >= 0xe1 && byte <= 0xef) return {3};
  if (byte == 0xf0) return {4, 0x90, 0xbf};
  if (byte >= 0xf1 && byte <= 0xf3) return {4};
  if (byte == 0xf4) return {4, 0x80, 0x8f};
  return {};
}

// How far the character at the front is well-formed: {bytes, whole}.
struct Prefix {
  std::size_t bytes = 1;
  bool whole = false;
  bool cut_short = false;  // the input ended inside it
};

Prefix measure(std::string_view bytes) {
  const Lead lead = lead_of(static_cast<unsigned char>(bytes[0]));
  if (lead.length == 0) return {};
  std::size_t count = 1;
  while (count < lead.length) {
    if (count == bytes.size()) return {count, false, true};
    const auto byte = static_cast<unsigned char>(bytes[count]);
    const bool fits = count == 1 ? byte >= lead.low && byte <= lead.high : byte >= 0x80 && byte <= 0xbf;
    if (!fits) return {count, false, false};
    ++count;
  }
  return {count, true, false};
}

void append_escaped(char c, std::string& json) {
  switch (c) {
    case '"':
      json += "\\\"";
      break;
    case '\\':
      json += "\\\\";
      break;
    case '\n':
      json += "\\n";
      break;
    case '\r':
      json += "\\r";
      break;
    case '\t':
      json += "\\t";
      break;
    default:
      json += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
      break;
  }
}

bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
}

// Appends whole characters; returns how many bytes at the end are left over, unfinished.
std::size_t append_text(std::string_view bytes, std::string& json) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    std::size_t plain = at;
    while (plain < bytes.size() && is_plain(bytes[plain])) ++plain;
    json.append(bytes, at, plain - at);
    at = plain;
    if (at == bytes.size()) break;
    if (static_cast<unsigned char>(bytes[at]) < 0x80) {
      append_escaped(bytes[at++], json);
      continue;
    }
    const Prefix prefix = measure(bytes.substr(at));
    if (prefix.cut_short) return bytes.size() - at;
    if (prefix.whole) {
      json.append(bytes, at, prefix.bytes);
    } else {
      json += kReplacement;
    }
    at += prefix.bytes;
  }
  return 0;
}

}  // namespace

std::size_t unfinished_tail(std::string_view bytes) {
  // A character has four bytes at most: only its first three can be waiting for the rest.
  for (std::size_t back = 1; back <= std::min<std::size_t>(3, bytes.size()); ++back) {
    const std::string_view tail = bytes.substr(bytes.size() - back);
    if (lead_of(static_cast<unsigned char>(tail[0])).length > 0) return measure(tail).cut_short ? back : 0;
  }
  return 0;
}

void Utf8Text::append(std::string_view bytes, std::uint64_t offset, std::string& json) {
  std::string joined;
  std::string_view input = bytes;
  if (!held_.empty()) {
    joined = held_;
    joined += bytes;
    input = joined;
  }
  const std::size_t left = append_text(input, json);
  if (left == 0) {
    held_.clear();
    return;
  }
  held_ = std::string(input.substr(input.size() - left));
  // With more left than came now it still is the same unfinished character: it keeps its place.
  if (left <= bytes.size()) held_offset_ = offset + bytes.size() - left;
}

void Utf8Text::finish(std::string& json) {
  if (!held_.empty()) json += kReplacement;
  held_.clear();
}

}  // namespace am::hypervisor
