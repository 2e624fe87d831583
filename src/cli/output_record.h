// One line of a task's output stream, and the memory of how far the stream was read.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/error.h"
#include "base/task.h"

namespace am::cli {

struct OutputRecord {
  std::uint64_t offset = 0;
  std::uint64_t next = 0;  // the `from` that continues behind this record
  std::string stream;      // "stdout", "stderr", "system"
  std::string pid;
  std::string text;
};

// What a task says of its progress.
struct OutputStatus {
  std::string pid;
  std::string text;
  std::optional<double> progress;  // 0 to 1
};

// The last line of the stream.
struct OutputEnd {
  TaskState state = TaskState::closed;
  std::optional<TaskOutcome> outcome;
};

struct OutputLine {
  std::optional<OutputRecord> record;
  std::optional<OutputStatus> status;
  std::optional<OutputEnd> end;  // none of them: a line that this version does not know, to be skipped
};

Result<OutputLine> parse_output_line(std::string_view line);

// Remembers, of each task in the stream, what was already taken, so that a stream read again after a lost
// connection neither loses nor doubles anything.
class OutputPosition {
 public:
  explicit OutputPosition(std::string pid) : pid_(std::move(pid)) {}
  // The `from` of the next request: it means the followed task's own bytes.
  [[nodiscard]] std::uint64_t from() const;
  // false: all of the record was taken before. A part taken before is cut off its text.
  bool take(OutputRecord& record);

 private:
  static constexpr std::size_t kTasksRemembered = 4096;

  struct Seen {
    std::uint64_t next = 0;
    std::string system_text;  // of the last record without bytes of its own
    std::uint64_t system_offset = 0;
  };
  Seen& remember(const std::string& pid);

  std::string pid_;
  std::unordered_map<std::string, Seen> seen_;
  std::deque<std::string> oldest_first_;  // descendants only: the followed task is never forgotten
};

}  // namespace am::cli
