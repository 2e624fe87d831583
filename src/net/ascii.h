// Letters without regard to case, as HTTP compares them: ASCII only, no locale.
#pragma once

#include <algorithm>
#include <string_view>

namespace am::net {

constexpr char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

constexpr bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, to_lower, to_lower);
}

}  // namespace am::net
