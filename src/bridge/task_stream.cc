#include "bridge/task_stream.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace am::bridge {

namespace {

constexpr std::size_t kBufferBytes = 16 * 1024;  // longer pieces are read past it
constexpr std::size_t kCloseBytes = 125;

}  // namespace

Result<std::shared_ptr<TaskStream>> TaskStream::adopt(const asio::any_io_executor& executor, UniqueFd fd) {
  Socket socket(executor);
  boost::system::error_code error;
  socket.assign(asio::local::stream_protocol(), fd.get(), error);
  if (error) return fail(ErrorCode::internal, "cannot watch a task's connection: {}", error.message());
  static_cast<void>(fd.release());
  return std::make_shared<TaskStream>(std::move(socket));
}

void TaskStream::end(net::CloseReason reason) {
  if (std::exchange(over_, true)) return;
  reason_ = std::move(reason);
}

void TaskStream::abort() {
  boost::system::error_code ignored;  // the descriptor is gone either way
  socket_.close(ignored);
  end({net::close_code::abnormal, "the connection was ended"});
}

// More bytes behind those in the buffer; false at the end of the connection.
Awaitable<bool> TaskStream::fill() {
  if (buffer_.empty()) buffer_.resize(kBufferBytes);
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  const auto [error, size] =
      co_await socket_.async_read_some(asio::buffer(buffer_.data() + end_, buffer_.size() - end_), kNoThrow);
  if (error) co_return false;
  end_ += size;
  co_return true;
}

Awaitable<Result<std::optional<FrameHeader>>> TaskStream::next_header() {
  while (end_ - begin_ < kFrameHeaderBytes) {
    const bool more = co_await fill();
    if (!more) co_return std::optional<FrameHeader>();
  }
  const auto header = decode_header({buffer_.data() + begin_, kFrameHeaderBytes});
  if (!header) co_return pass_on(header);
  begin_ += kFrameHeaderBytes;
  co_return std::optional<FrameHeader>(*header);
}

// What is buffered of the payload first, then straight from the socket; 0 at the end of the connection.
Awaitable<std::size_t> TaskStream::read_piece(std::span<char> into) {
  if (end_ > begin_) {
    const std::size_t size = std::min(into.size(), end_ - begin_);
    std::memcpy(into.data(), buffer_.data() + begin_, size);
    begin_ += size;
    co_return size;
  }
  const auto [error, size] =
      co_await socket_.async_read_some(asio::buffer(into.data(), into.size()), kNoThrow);
  co_return error ? 0 : size;
}

Awaitable<bool> TaskStream::read_payload(std::string& into, std::size_t size) {
  into.resize(size);
  std::size_t done = 0;
  while (done < size) {
    const std::size_t got = co_await read_piece({into.data() + done, size - done});
    if (got == 0) co_return false;
    done += got;
  }
  co_return true;
}

Awaitable<Result<std::optional<std::string>>> TaskStream::read_control() {
  const auto header = co_await next_header();
  if (!header) co_return pass_on(header);
  if (!*header || (*header)->kind == FrameKind::close) co_return std::optional<std::string>();
  if ((*header)->kind != FrameKind::control) {
    co_return fail(ErrorCode::invalid_argument, "frame kind {}: a request is a control frame",
                   static_cast<unsigned>((*header)->kind));
  }
  std::string json;
  const bool whole = co_await read_payload(json, (*header)->size);
  if (!whole) co_return std::optional<std::string>();
  co_return std::optional<std::string>(std::move(json));
}

Awaitable<bool> TaskStream::write_control(std::string json) {
  const auto header = encode_header({FrameKind::control, false, static_cast<std::uint32_t>(json.size())});
  const std::array<asio::const_buffer, 2> parts{asio::buffer(header), asio::buffer(json)};
  const auto [error, size] = co_await asio::async_write(socket_, parts, kNoThrow);
  co_return !error;
}

Awaitable<> TaskStream::hung_up() {
  for (;;) {
    const auto [error] = co_await socket_.async_wait(Socket::wait_read, kNoThrow);
    if (error) co_return;
    char byte = 0;
    const auto size = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR)) co_return;
    if (size > 0) break;
  }
  // The next request is here already: whoever sends one waits for its answer.
  asio::steady_timer never(socket_.get_executor(), asio::steady_timer::time_point::max());
  co_await never.async_wait(asio::use_awaitable);
}

bool TaskStream::count(std::uint32_t bytes) {
  message_bytes_ += bytes;
  if (message_bytes_ <= net::kMessageLimit) return true;
  end({net::close_code::too_big, fmt::format("a message has at most {} bytes", net::kMessageLimit)});
  return false;
}

// The header of the next piece; false when there is none: the stream is over then.
Awaitable<bool> TaskStream::begin_piece() {
  const auto header = co_await next_header();
  if (!header) {
    end({net::close_code::protocol_error, header.error().message});
    co_return false;
  }
  if (!*header) {
    end({net::close_code::abnormal, "the task's side ended"});
    co_return false;
  }
  const bool continues = frame_.more;
  const FrameKind began = frame_.kind;
  frame_ = **header;
  if (continues && frame_.kind != began && frame_.kind != FrameKind::close) {
    end({net::close_code::protocol_error, "another frame in the middle of a message"});
    co_return false;
  }
  if (frame_.kind == FrameKind::control) {
    end({net::close_code::protocol_error, "a control frame inside a bridge connection"});
    co_return false;
  }
  if (frame_.kind == FrameKind::close) {
    std::string payload;
    bool whole = frame_.size <= kCloseBytes;
    if (whole) whole = co_await read_payload(payload, frame_.size);
    end(whole ? decode_close(payload)
              : net::CloseReason{net::close_code::protocol_error, "a broken close frame"});
    co_return false;
  }
  left_ = frame_.size;
  in_frame_ = true;
  co_return count(frame_.size);
}

Awaitable<std::optional<net::Piece>> TaskStream::read(std::span<char> into) {
  std::size_t filled = 0;
  while (!over_) {
    if (!in_frame_) {
      const bool begun = co_await begin_piece();
      if (!begun) break;
    }
    if (left_ > 0) {
      const std::size_t wanted = std::min<std::size_t>(into.size() - filled, left_);
      const std::size_t size = co_await read_piece(into.subspan(filled, wanted));
      if (size == 0) {
        end({net::close_code::abnormal, "the task's side ended in the middle of a message"});
        break;
      }
      left_ -= static_cast<std::uint32_t>(size);
      filled += size;
    }
    in_frame_ = left_ > 0;
    const bool last = !in_frame_ && !frame_.more;
    if (last) message_bytes_ = 0;
    if (last || filled == into.size()) {
      co_return net::Piece{{.text = frame_.kind == FrameKind::text, .last = last}, filled};
    }
  }
  co_return std::nullopt;
}

Awaitable<bool> TaskStream::write(net::PieceKind kind, std::string_view bytes) {
  if (over_ || closing_) co_return false;
  const auto header = encode_header({kind.text ? FrameKind::text : FrameKind::binary, !kind.last,
                                     static_cast<std::uint32_t>(bytes.size())});
  const std::array<asio::const_buffer, 2> parts{asio::buffer(header),
                                                asio::buffer(bytes.data(), bytes.size())};
  const auto [error, size] = co_await asio::async_write(socket_, parts, kNoThrow);
  co_return !error;
}

Awaitable<> TaskStream::close(net::CloseReason reason) {
  if (closing_ || !socket_.is_open()) co_return;
  closing_ = true;
  const std::string frame = encode_close(reason);
  boost::system::error_code ignored;  // over either way; what was written stays readable
  // A task that waits for room to write would not read on to the close: its write fails now.
  socket_.shutdown(Socket::shutdown_receive, ignored);
  // Without a limit: the task may read it later, and its end ends this, too.
  static_cast<void>(co_await asio::async_write(socket_, asio::buffer(frame), kNoThrow));
  socket_.shutdown(Socket::shutdown_send, ignored);
  end(std::move(reason));
}

}  // namespace am::bridge
