#include "cli/line_reader.h"

namespace am::cli {

Result<void> LineReader::append(std::string_view bytes) {
  buffer_.erase(0, begin_);
  scanned_ -= begin_;
  begin_ = 0;
  if (scanned_ + bytes.size() > line_limit_ && bytes.find('\n') == std::string_view::npos) {
    return fail(ErrorCode::too_large, "the server sent a line longer than {} bytes", line_limit_);
  }
  buffer_.append(bytes);
  return {};
}

std::optional<std::string_view> LineReader::next() {
  const std::size_t end = buffer_.find('\n', scanned_);
  if (end == std::string::npos) {
    scanned_ = buffer_.size();
    return std::nullopt;
  }
  const std::string_view line = std::string_view(buffer_).substr(begin_, end - begin_);
  begin_ = scanned_ = end + 1;
  return line;
}

void LineReader::reset() {
  buffer_.clear();
  begin_ = scanned_ = 0;
}

}  // namespace am::cli
