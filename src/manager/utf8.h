// UTF-8 as it must be: no overlong forms, no surrogates, nothing cut off.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace am::manager {

// The characters of the text; nullopt where it is not valid UTF-8.
std::optional<std::u32string> decode_utf8(std::string_view text);

// The text with U+FFFD in place of every byte that is no part of a character.
std::string valid_utf8(std::string_view text);

}  // namespace am::manager
