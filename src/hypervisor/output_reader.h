// Reads a task's output by offset from its folder: records for people, or the bytes as they were.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/unique_fd.h"
#include "hypervisor/utf8_text.h"
#include "ipc/output_index.h"

namespace am::hypervisor {

// One reader's position in one task's output. Costs the task and other readers nothing; memory is bounded by
// the piece that is read at once.
class OutputReader {
 public:
  // `folder`: run/tasks/<pid>. A task that has not printed yet has no files: see open().
  OutputReader(std::string folder, std::string pid);

  // Goes to output byte `from`. False while there is no output yet (then nothing can be read, try again
  // later).
  Result<bool> open(std::uint64_t from);
  [[nodiscard]] bool is_open() const { return index_.valid(); }

  // The next records as NDJSON lines, {"offset","next","time","stream","pid","text"} each, up to about
  // `most_bytes` of output. Empty when nothing more is there now.
  Result<std::string> next_records(std::size_t most_bytes);
  // Once the task is over and next_records() gave nothing: the records of characters that were never
  // finished.
  std::string last_records();

  // The next bytes of one stream (or both), untouched. Empty when nothing more is there now.
  Result<std::string> next_raw(std::optional<ipc::OutputStream> stream, std::size_t most_bytes);

 private:
  Result<std::optional<ipc::OutputIndexRecord>> record(std::uint64_t number) const;
  // The current piece: what is unread of the record at position_; nothing at the end.
  Result<std::optional<ipc::OutputIndexRecord>> current();
  void advance(const ipc::OutputIndexRecord& piece, std::size_t bytes);
  Result<std::string> bytes(std::uint64_t offset, std::size_t length) const;
  Result<void> seek(std::uint64_t from);
  Result<void> prime(ipc::OutputStream stream);
  void append_record(const ipc::OutputIndexRecord& piece, const std::string& text, std::string& lines);

  std::string folder_;
  std::string pid_;
  UniqueFd log_;
  UniqueFd index_;
  std::uint64_t record_number_ = 0;  // the record at the position
  std::uint64_t skip_ = 0;           // bytes of it that are read already
  std::uint64_t from_ = 0;           // where reading began
  std::uint64_t last_time_us_ = 0;
  std::uint64_t end_offset_ = 0;  // behind the last byte that was read
  Utf8Text text_[2];              // by stream
};

}  // namespace am::hypervisor
