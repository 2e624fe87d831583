// Messages to frames and back; pure, no sockets. A frame is: u32 length of what follows, u16 message type,
// fields. Integers are big-endian. docs/PROTOCOL.md describes every type.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "ipc/messages.h"

namespace am::ipc {

// A longer frame is refused as soon as its length is read: nothing is allocated for it.
inline constexpr std::size_t kFrameLimit = 4 << 20;
// What a peer may send before it has proved itself.
inline constexpr std::size_t kHandshakeFrameLimit = 64 << 10;
inline constexpr std::size_t kFrameHeaderBytes = 6;

// The whole frame, ready to be sent. Messages are bounded where they are made (params 1 MiB), below
// kFrameLimit.
std::string encode(const Message& message);

// Cuts a byte stream into messages. After an error the stream is unusable: close the connection.
class FrameDecoder {
 public:
  explicit FrameDecoder(std::size_t frame_limit = kFrameLimit) : frame_limit_(frame_limit) {}

  void set_frame_limit(std::size_t limit) { frame_limit_ = limit; }
  void feed(std::string_view bytes);
  // The next whole message, nothing when more bytes are needed, or invalid_argument saying what is wrong.
  Result<std::optional<Message>> next();
  [[nodiscard]] std::size_t buffered_bytes() const { return buffer_.size() - consumed_; }

 private:
  std::size_t frame_limit_;
  std::string buffer_;
  std::size_t consumed_ = 0;
};

// The type's name for logs: "StartTask".
std::string_view name_of(const Message& message);

}  // namespace am::ipc
