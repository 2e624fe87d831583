// Bytes of an output stream as text: characters that were split between two writes are joined, bytes that are
// no UTF-8 become U+FFFD. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace am::hypervisor {

class Utf8Text {
 public:
  // Appends to `json` the text of `bytes`, with what an earlier call held back before it, escaped for a JSON
  // string. An unfinished character at the end is held back.
  void append(std::string_view bytes, std::uint64_t offset, std::string& json);
  // Appends U+FFFD for what is held back; nothing when nothing is.
  void finish(std::string& json);

  // Bytes held back (0 to 3) and where the first of them lies in the output.
  [[nodiscard]] std::size_t held_back() const { return held_.size(); }
  [[nodiscard]] std::uint64_t held_offset() const { return held_offset_; }

 private:
  std::string held_;
  std::uint64_t held_offset_ = 0;
};

// How many bytes at the end of `bytes` begin a character that is not complete (0 to 3).
std::size_t unfinished_tail(std::string_view bytes);

}  // namespace am::hypervisor
