// Cuts a stream of output records, one JSON object a line, at its line breaks.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace am::manager {

// Only whole lines pass. Of each group the last one's "next" is kept: where to go on when the stream breaks.
class LineCutter {
 public:
  // A record longer than this is none: hypervisors cut a long line of a task into several records.
  static constexpr std::size_t kLineLimit = 8U << 20U;

  explicit LineCutter(std::uint64_t from) : next_(from) {}

  // The lines that `piece` completes, with their breaks; may be empty. Valid until the next call.
  Result<std::string_view> take(std::string piece);
  // Forgets the start of a line whose rest will not come: the stream begins anew.
  void restart() { partial_.clear(); }
  [[nodiscard]] bool inside_a_line() const { return !partial_.empty(); }
  // The offset that continues after the last whole line.
  [[nodiscard]] std::uint64_t next() const { return next_; }

 private:
  Result<void> note_next(std::string_view lines);

  std::uint64_t next_;
  std::string partial_;
  std::string whole_;
};

}  // namespace am::manager
