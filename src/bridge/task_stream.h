// One connection of a task to its hypervisor: control frames first, then perhaps a bridge connection.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/unique_fd.h"
#include "bridge/task_frames.h"
#include "net/message_stream.h"

namespace am::bridge {

class TaskStream final : public net::MessageStream {
 public:
  using Socket = asio::local::stream_protocol::socket;

  // Takes a connected unix socket.
  static Result<std::shared_ptr<TaskStream>> adopt(const asio::any_io_executor& executor, UniqueFd fd);
  explicit TaskStream(Socket socket) : socket_(std::move(socket)) {}

  // The next control frame's JSON; nothing at the end of the connection; invalid_argument for anything else.
  Awaitable<Result<std::optional<std::string>>> read_control();
  // False when the connection is over.
  Awaitable<bool> write_control(std::string json);
  // Returns when the other side has closed the connection, to be awaited beside a long answer.
  Awaitable<> hung_up();

  Awaitable<std::optional<net::Piece>> read(std::span<char> into) override;
  Awaitable<bool> write(net::PieceKind kind, std::string_view bytes) override;
  Awaitable<> close(net::CloseReason reason) override;
  void abort() override;
  [[nodiscard]] const net::CloseReason& close_reason() const override { return reason_; }

 private:
  Awaitable<bool> fill();
  Awaitable<Result<std::optional<FrameHeader>>> next_header();
  Awaitable<bool> read_payload(std::string& into, std::size_t size);
  Awaitable<std::size_t> read_piece(std::span<char> into);
  Awaitable<bool> begin_piece();
  bool count(std::uint32_t bytes);
  void end(net::CloseReason reason);

  Socket socket_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  FrameHeader frame_;       // the piece that is being read
  std::uint32_t left_ = 0;  // of its bytes
  bool in_frame_ = false;
  std::uint64_t message_bytes_ = 0;
  net::CloseReason reason_;
  bool over_ = false;
  bool closing_ = false;
};

}  // namespace am::bridge
