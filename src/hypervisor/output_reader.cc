#include "hypervisor/output_reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace am::hypervisor {
namespace {

using ipc::OutputIndexRecord;
using ipc::OutputStream;

constexpr std::size_t kMostBytesARecord = 64 * 1024;
// How far back an unfinished character's beginning is looked for: other streams' records lie between.
constexpr std::uint64_t kLookBack = 64;

const char* name_of(OutputStream stream) {
  switch (stream) {
    case OutputStream::standard_output:
      return "stdout";
    case OutputStream::standard_error:
      return "stderr";
    case OutputStream::gap:
      return "system";
  }
  return "system";
}

std::uint64_t log_bytes(const OutputIndexRecord& record) {
  return record.stream == OutputStream::gap ? 0 : record.length;
}

}  // namespace

OutputReader::OutputReader(std::string folder, std::string pid)
    : folder_(std::move(folder)), pid_(std::move(pid)) {}

Result<bool> OutputReader::open(std::uint64_t from) {
  const auto open_file = [this](const char* name) {
    return UniqueFd(::open((folder_ + "/" + name).c_str(), O_RDONLY | O_CLOEXEC));
  };
  log_ = open_file("output.log");
  UniqueFd index = open_file("output.idx");
  if (!log_ || !index) {
    if (errno == ENOENT) return false;
    return fail_errno(errno, "cannot open the output of task {}", pid_);
  }
  index_ = std::move(index);
  if (auto found = seek(from); !found) return pass_on(found);
  return true;
}

Result<std::optional<OutputIndexRecord>> OutputReader::record(std::uint64_t number) const {
  OutputIndexRecord record;
  const ssize_t size =
      ::pread(index_.get(), &record, sizeof record, static_cast<off_t>(number * sizeof record));
  if (size < 0) return fail_errno(errno, "cannot read the output index of task {}", pid_);
  // A record without a length is one that the observer still fills.
  if (size < static_cast<ssize_t>(sizeof record) || record.length == 0) return std::nullopt;
  return record;
}

Result<void> OutputReader::seek(std::uint64_t from) {
  struct stat status{};
  if (::fstat(index_.get(), &status) != 0)
    return fail_errno(errno, "cannot read the output index of task {}", pid_);
  // The first record that ends behind `from`, by bisection: offsets never go back.
  std::uint64_t low = 0;
  std::uint64_t high = static_cast<std::uint64_t>(status.st_size) / sizeof(OutputIndexRecord);
  while (low < high) {
    const std::uint64_t middle = (low + high) / 2;
    const auto at = record(middle);
    if (!at) return pass_on(at);
    if (*at && (*at)->offset + log_bytes(**at) <= from) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  record_number_ = low;
  from_ = from;
  end_offset_ = from;
  const auto first = record(low);
  if (!first) return pass_on(first);
  skip_ = *first && (*first)->offset < from ? from - (*first)->offset : 0;
  auto primed = prime(OutputStream::standard_output);
  if (primed) primed = prime(OutputStream::standard_error);
  return primed;
}

// Finds the beginning of a character that a write before the position left unfinished in this stream.
Result<void> OutputReader::prime(OutputStream stream) {
  std::string tail;
  std::uint64_t tail_offset = 0;
  const auto prepend = [&](std::uint64_t offset, std::uint64_t length) -> Result<void> {
    const std::uint64_t take = std::min<std::uint64_t>(length, 3 - tail.size());
    auto piece = bytes(offset + length - take, take);
    if (!piece) return pass_on(piece);
    tail = *piece + tail;
    tail_offset = offset + length - take;
    return {};
  };
  const auto here = record(record_number_);
  if (!here) return pass_on(here);
  if (*here && skip_ > 0 && (*here)->stream == stream) {
    if (auto done = prepend((*here)->offset, skip_); !done) return done;
  }
  for (std::uint64_t back = 1; back <= std::min(kLookBack, record_number_) && tail.size() < 3; ++back) {
    const auto before = record(record_number_ - back);
    if (!before) return pass_on(before);
    if (!*before || (*before)->stream != stream) continue;
    if (auto done = prepend((*before)->offset, (*before)->length); !done) return done;
  }
  const std::size_t unfinished = unfinished_tail(tail);
  if (unfinished == 0) return {};
  std::string nothing;
  text_[static_cast<std::size_t>(stream)].append(tail.substr(tail.size() - unfinished),
                                                 tail_offset + tail.size() - unfinished, nothing);
  return {};
}

Result<std::string> OutputReader::bytes(std::uint64_t offset, std::size_t length) const {
  std::string content(length, '\0');
  std::size_t have = 0;
  while (have < length) {
    const ssize_t size =
        ::pread(log_.get(), content.data() + have, length - have, static_cast<off_t>(offset + have));
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return fail_errno(errno, "cannot read the output of task {}", pid_);
    if (size == 0)
      return fail(ErrorCode::internal, "the output of task {} is shorter than its index says", pid_);
    have += static_cast<std::size_t>(size);
  }
  return content;
}

Result<std::optional<OutputIndexRecord>> OutputReader::current() {
  for (;;) {
    auto found = record(record_number_);
    if (!found || !*found) return found;
    OutputIndexRecord piece = **found;
    if (piece.stream == OutputStream::gap) return piece;
    // A reader may have asked for a place that was not printed yet when it came.
    if (piece.offset + skip_ < from_) skip_ = std::min<std::uint64_t>(from_ - piece.offset, piece.length);
    if (skip_ < piece.length) {
      piece.offset += skip_;
      piece.length -= static_cast<std::uint32_t>(skip_);
      return piece;
    }
    ++record_number_;
    skip_ = 0;
  }
}

void OutputReader::advance(const OutputIndexRecord& piece, std::size_t read) {
  last_time_us_ = piece.time_us;
  if (piece.stream == OutputStream::gap || read == piece.length) {
    ++record_number_;
    skip_ = 0;
  } else {
    skip_ += read;
  }
  end_offset_ = piece.offset + (piece.stream == OutputStream::gap ? 0 : read);
}

void OutputReader::append_record(const OutputIndexRecord& piece, const std::string& text,
                                 std::string& lines) {
  lines += fmt::format(R"({{"offset":{},"next":{},"time":{:.6f},"stream":"{}","pid":"{}","text":"{}"}})",
                       piece.offset, end_offset_, static_cast<double>(piece.time_us) / 1e6,
                       name_of(piece.stream), pid_, text);
  lines += '\n';
}

Result<std::string> OutputReader::next_records(std::size_t most_bytes) {
  std::string lines;
  std::size_t taken = 0;
  while (taken < most_bytes) {
    const auto found = current();
    if (!found) return pass_on(found);
    if (!*found) break;
    OutputIndexRecord piece = **found;
    if (piece.stream == OutputStream::gap) {
      advance(piece, 0);
      append_record(piece, fmt::format("{} bytes of output could not be stored (disk full)\\n", piece.length),
                    lines);
      continue;
    }
    const std::size_t length = std::min<std::size_t>({piece.length, kMostBytesARecord, most_bytes - taken});
    const auto content = bytes(piece.offset, length);
    if (!content) return pass_on(content);
    taken += length;
    Utf8Text& decoder = text_[static_cast<std::size_t>(piece.stream)];
    const std::uint64_t begins = decoder.held_back() > 0 ? decoder.held_offset() : piece.offset;
    std::string text;
    text.reserve(length + length / 8);
    decoder.append(*content, piece.offset, text);
    advance(piece, length);
    if (text.empty()) continue;  // only a part of a character so far
    piece.offset = begins;
    append_record(piece, text, lines);
  }
  return lines;
}

std::string OutputReader::last_records() {
  std::string lines;
  for (const OutputStream stream : {OutputStream::standard_output, OutputStream::standard_error}) {
    Utf8Text& decoder = text_[static_cast<std::size_t>(stream)];
    if (decoder.held_back() == 0) continue;
    OutputIndexRecord piece;
    piece.offset = decoder.held_offset();
    piece.stream = stream;
    piece.time_us = last_time_us_;
    std::string text;
    decoder.finish(text);
    append_record(piece, text, lines);
  }
  return lines;
}

Result<std::string> OutputReader::next_raw(std::optional<OutputStream> stream, std::size_t most_bytes) {
  std::string content;
  while (content.size() < most_bytes) {
    const auto found = current();
    if (!found) return pass_on(found);
    if (!*found) break;
    const OutputIndexRecord& piece = **found;
    const bool wanted = piece.stream != OutputStream::gap && (!stream || *stream == piece.stream);
    if (!wanted) {
      advance(piece, piece.length);
      continue;
    }
    const std::size_t length = std::min<std::size_t>(piece.length, most_bytes - content.size());
    const auto part = bytes(piece.offset, length);
    if (!part) return pass_on(part);
    content += *part;
    advance(piece, length);
  }
  return content;
}

}  // namespace am::hypervisor
