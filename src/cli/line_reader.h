// Lines out of a byte stream that arrives in pieces of any size (NDJSON: one value a line).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace am::cli {

class LineReader {
 public:
  explicit LineReader(std::size_t line_limit = 64ULL << 20) : line_limit_(line_limit) {}

  // Takes the next piece; too_large when the line it belongs to has grown over the limit.
  Result<void> append(std::string_view bytes);
  // The next complete line without its "\n"; valid until the next append(). Nothing: more bytes are needed.
  std::optional<std::string_view> next();
  // Bytes of a line whose end has not arrived.
  [[nodiscard]] std::size_t pending() const { return buffer_.size() - begin_; }
  // Forgets a line that will not be completed, as after a lost connection.
  void reset();

 private:
  std::size_t line_limit_;
  std::string buffer_;
  std::size_t begin_ = 0;    // of the first line not given out
  std::size_t scanned_ = 0;  // no "\n" between begin_ and here: a long line is searched once, not per piece
};

}  // namespace am::cli
