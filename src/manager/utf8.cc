#include "manager/utf8.h"

namespace am::manager {

std::optional<std::u32string> decode_utf8(std::string_view text) {
  std::u32string characters;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    if (lead < 0x80) {
      characters += lead;
      ++i;
      continue;
    }
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() - i < length) return std::nullopt;
    char32_t character = lead & (0x7fU >> length);
    for (std::size_t k = 1; k < length; ++k) {
      const auto byte = static_cast<unsigned char>(text[i + k]);
      if ((byte & 0xc0U) != 0x80) return std::nullopt;
      character = (character << 6U) | (byte & 0x3fU);
    }
    const bool overlong = (length == 3 && character < 0x800) || (length == 4 && character < 0x10000);
    const bool surrogate = character >= 0xd800 && character <= 0xdfff;
    if (overlong || surrogate || character > 0x10ffff) return std::nullopt;
    characters += character;
    i += length;
  }
  return characters;
}

std::string valid_utf8(std::string_view text) {
  if (decode_utf8(text)) return std::string(text);
  std::string valid;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t length = 1;
    while (length <= 4 && !decode_utf8(text.substr(i, length))) ++length;
    if (length <= 4) {
      valid += text.substr(i, length);
      i += length;
    } else {
      valid += "\xef\xbf\xbd";
      ++i;
    }
  }
  return valid;
}

}  // namespace am::manager
