#include "observer/output_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <string_view>

#include "base/files.h"

namespace am::observer {
namespace {

bool disk_is_full(int error_number) {
  return error_number == ENOSPC || error_number == EDQUOT || error_number == EFBIG || error_number == EIO;
}

}  // namespace

Result<OutputLog> OutputLog::create() {
  // What may be there is of an interpreter that has died while it waited: a task that has begun is never
  // begun again.
  constexpr int kFlags = O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC;
  UniqueFd log(::open("output.log", kFlags | O_CLOEXEC, 0640));
  if (!log) return fail_errno(errno, "cannot create output.log");
  UniqueFd index(::open("output.idx", kFlags | O_CLOEXEC, 0640));
  if (!index) return fail_errno(errno, "cannot create output.idx");
  return OutputLog(std::move(log), std::move(index));
}

bool OutputLog::write_record(const ipc::OutputIndexRecord& record) {
  return ::pwrite(index_.get(), &record, sizeof record, static_cast<off_t>(index_size_)) == sizeof record;
}

Result<OutputLog::Moved> OutputLog::stored(ipc::OutputIndexRecord record, std::size_t count) {
  record.length = static_cast<std::uint32_t>(count);
  if (!write_record(record)) {
    // Without its record the piece cannot be read: it counts as lost, and the next piece goes to its place.
    lost_ += count;
    unrecorded_ += count;
    return Moved::some;
  }
  index_size_ += sizeof record;
  size_ += count;
  return Moved::some;
}

Result<OutputLog::Moved> OutputLog::take(int pipe, ipc::OutputStream stream, std::uint64_t time_us) {
  if (unrecorded_ > 0) {
    const auto length = static_cast<std::uint32_t>(
        std::min<std::uint64_t>(unrecorded_, std::numeric_limits<std::uint32_t>::max()));
    if (write_record({size_, length, ipc::OutputStream::gap, time_us})) {
      index_size_ += sizeof(ipc::OutputIndexRecord);
      unrecorded_ -= length;
    }
  }
  const ipc::OutputIndexRecord record{size_, 0, stream, time_us};
  // The intent comes first: whoever continues after our death knows whose bytes lie behind the last whole
  // record.
  if (!write_record(record)) return lose(pipe);
  auto offset = static_cast<off64_t>(size_);
  const ssize_t count =
      ::splice(pipe, nullptr, log_.get(), &offset, kChunkBytes, SPLICE_F_NONBLOCK | SPLICE_F_MOVE);
  if (count > 0) return stored(record, static_cast<std::size_t>(count));
  if (count == 0) return Moved::end_of_stream;
  if (errno == EAGAIN || errno == EINTR) return Moved::nothing_now;
  if (errno == EINVAL) return copy(pipe, record);  // a file system without splice
  if (disk_is_full(errno)) return lose(pipe);
  return fail_errno(errno, "cannot move the task's output");
}

Result<OutputLog::Moved> OutputLog::copy(int pipe, ipc::OutputIndexRecord record) {
  char buffer[16384];
  const ssize_t count = ::read(pipe, buffer, sizeof buffer);
  if (count == 0) return Moved::end_of_stream;
  if (count < 0) {
    if (errno == EAGAIN || errno == EINTR) return Moved::nothing_now;
    return fail_errno(errno, "cannot read the task's output");
  }
  std::size_t written = 0;
  while (written < static_cast<std::size_t>(count)) {
    const ssize_t part = ::pwrite(log_.get(), buffer + written, static_cast<std::size_t>(count) - written,
                                  static_cast<off_t>(size_ + written));
    if (part <= 0) break;
    written += static_cast<std::size_t>(part);
  }
  if (written < static_cast<std::size_t>(count)) {
    lost_ += static_cast<std::size_t>(count) - written;
    unrecorded_ += static_cast<std::size_t>(count) - written;
  }
  if (written == 0) return Moved::some;
  return stored(record, written);
}

OutputLog::Moved OutputLog::lose(int pipe) {
  // The task must not hang on a full disk: its output is drained and counted.
  char buffer[16384];
  const ssize_t count = ::read(pipe, buffer, sizeof buffer);
  if (count == 0) return Moved::end_of_stream;
  if (count < 0) return Moved::nothing_now;
  lost_ += static_cast<std::uint64_t>(count);
  unrecorded_ += static_cast<std::uint64_t>(count);
  return Moved::some;
}

}  // namespace am::observer
