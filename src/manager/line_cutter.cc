#include "manager/line_cutter.h"

#include <charconv>

namespace am::manager {

Result<std::string_view> LineCutter::take(std::string piece) {
  const std::size_t last_break = piece.rfind('\n');
  if (last_break == std::string::npos) {
    if (partial_.size() + piece.size() > kLineLimit) {
      return fail(ErrorCode::internal, "a record of the output is longer than {} bytes", kLineLimit);
    }
    partial_ += piece;
    return std::string_view();
  }
  std::string rest = piece.substr(last_break + 1);
  piece.resize(last_break + 1);
  // The usual piece is whole lines and passes uncopied.
  whole_ = partial_.empty() ? std::move(piece) : partial_ + piece;
  partial_ = std::move(rest);
  if (auto noted = note_next(whole_); !noted) return pass_on(noted);
  return whole_;
}

Result<void> LineCutter::note_next(std::string_view lines) {
  constexpr std::string_view kName = "\"next\":";
  const std::size_t previous_break =
      lines.size() < 2 ? std::string_view::npos : lines.rfind('\n', lines.size() - 2);
  const std::string_view line =
      previous_break == std::string_view::npos ? lines : lines.substr(previous_break + 1);
  // The numbers stand before the text, so the first place is the field.
  const std::size_t place = line.find(kName);
  const char* begin = place == std::string_view::npos ? line.data() : line.data() + place + kName.size();
  std::uint64_t next = 0;
  const auto [end, error] = std::from_chars(begin, line.data() + line.size(), next);
  if (place == std::string_view::npos || error != std::errc()) {
    return fail(ErrorCode::internal, "a record of the output has no \"next\": {}", line.substr(0, 200));
  }
  next_ = next;
  return {};
}

}  // namespace am::manager
