// Keeps what the task prints: bytes move from its pipes into output.log, their places into output.idx.
#pragma once

#include <cstdint>

#include "base/error.h"
#include "base/unique_fd.h"
#include "ipc/output_index.h"

namespace am::observer {

class OutputLog {
 public:
  // Creates output.log and output.idx in the current folder; an error when they exist.
  static Result<OutputLog> create();

  enum class Moved { some, nothing_now, end_of_stream };
  // Moves what the pipe holds, up to kChunkBytes, as one index record. The bytes go by splice(2) to an
  // explicit offset: what was not moved when this process dies is still in the pipe.
  Result<Moved> take(int pipe, ipc::OutputStream stream, std::uint64_t time_us);

  // Bytes that are readable in output.log.
  [[nodiscard]] std::uint64_t size() const { return size_; }
  // Bytes that were drained and could not be stored.
  [[nodiscard]] std::uint64_t lost_bytes() const { return lost_; }

  static constexpr std::size_t kChunkBytes = 256 * 1024;

 private:
  OutputLog(UniqueFd log, UniqueFd index) : log_(std::move(log)), index_(std::move(index)) {}
  Result<Moved> copy(int pipe, ipc::OutputIndexRecord record);
  Result<Moved> stored(ipc::OutputIndexRecord record, std::size_t count);
  Moved lose(int pipe);
  bool write_record(const ipc::OutputIndexRecord& record);

  UniqueFd log_;
  UniqueFd index_;
  std::uint64_t size_ = 0;
  std::uint64_t index_size_ = 0;
  std::uint64_t lost_ = 0;
  std::uint64_t unrecorded_ = 0;  // lost bytes without a gap record yet
};

}  // namespace am::observer
