#include "manager/application_name.h"

#include <algorithm>

#include "base/random.h"
#include "manager/json.h"
#include "manager/utf8.h"

namespace am::manager {
namespace {

constexpr std::size_t kNameLimit = 64;         // characters
constexpr std::size_t kFolderStemLimit = 240;  // bytes; a folder name has 255, seven are for the letters

bool is_control(char32_t c) { return c < 0x20 || (c >= 0x7f && c <= 0x9f); }

// Line separators, direction marks and the like: two names that differ in these look the same.
bool is_invisible(char32_t c) {
  return c == 0x200b || c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
         (c >= 0x2060 && c <= 0x2069) || c == 0xfeff;
}

bool is_space(char32_t c) { return c == ' ' || c == 0xa0 || (c >= 0x2000 && c <= 0x200a) || c == 0x3000; }

}  // namespace

Result<void> check_application_name(std::string_view name) {
  const auto refuse = [&](std::string_view why) {
    return fail(ErrorCode::invalid_argument, "name: {} {}", describe_json(json::value(name)), why);
  };
  const auto characters = decode_utf8(name);
  if (!characters) return fail(ErrorCode::invalid_argument, "name: is not valid UTF-8");
  if (characters->empty()) return fail(ErrorCode::invalid_argument, "name: is empty");
  if (characters->size() > kNameLimit) {
    return fail(ErrorCode::invalid_argument, "name: has {} characters, at most {} are allowed",
                characters->size(), kNameLimit);
  }
  for (const char32_t c : *characters) {
    if (c == '/' || c == '\\') return refuse("has a slash or backslash in it");
    if (is_control(c) || is_invisible(c)) {
      return fail(ErrorCode::invalid_argument, "name: has a control or invisible character in it (U+{:04X})",
                  static_cast<unsigned>(c));
    }
  }
  if (characters->front() == '.') return refuse("starts with a dot");
  if (is_space(characters->front()) || is_space(characters->back()))
    return refuse("starts or ends with a space");
  return {};
}

std::string new_folder_name(std::string_view name) {
  std::size_t end = std::min(name.size(), kFolderStemLimit);
  while (end > 0 && end < name.size() && (static_cast<unsigned char>(name[end]) & 0xc0U) == 0x80) --end;
  return fmt::format("{}-{}", name.substr(0, end), random_letters(6));
}

}  // namespace am::manager
