// Messages in pieces, both ways: what WebSockets and the bridge connections of tasks have in common.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "loop/awaitable.h"

namespace am::net {

// The codes of RFC 6455, section 7.4.1, that this product uses itself.
namespace close_code {
inline constexpr std::uint16_t normal = 1000;
inline constexpr std::uint16_t going_away = 1001;
inline constexpr std::uint16_t protocol_error = 1002;
inline constexpr std::uint16_t no_status = 1005;  // never on the wire: a close frame without a code
inline constexpr std::uint16_t abnormal = 1006;   // never on the wire: the connection just ended
inline constexpr std::uint16_t bad_text = 1007;   // a text message that is not UTF-8
inline constexpr std::uint16_t too_big = 1009;
inline constexpr std::uint16_t try_again_later = 1013;
}  // namespace close_code

// The largest message on any stream, in bytes.
inline constexpr std::uint64_t kMessageLimit = 64U << 20U;

struct CloseReason {
  std::uint16_t code = close_code::abnormal;
  std::string text;  // UTF-8, at most 123 bytes
};

// What a part of a message is.
struct PieceKind {
  bool text = false;  // of a text message; else of a binary one
  bool last = true;   // the message ends with it
};

struct Piece {
  PieceKind kind;
  std::size_t size = 0;  // may be 0: an empty message, or the end of one
};

// Single-threaded; one read() and one write() may be under way at the same time, and close() beside both.
class MessageStream {
 public:
  virtual ~MessageStream() = default;
  // The next piece: as many bytes as fit, less only at the end of a message, so that a message has few
  // fragments however often it is passed on (receivers limit their number). Nothing once the other side is
  // over: close_reason() says how.
  virtual Awaitable<std::optional<Piece>> read(std::span<char> into) = 0;
  // Returns when the bytes are with the kernel: this is the back-pressure. False when the stream is over.
  virtual Awaitable<bool> write(PieceKind kind, std::string_view bytes) = 0;
  // Says why, waits a few seconds for the other side to agree, and ends the connection. Harmless when over.
  virtual Awaitable<> close(CloseReason reason) = 0;
  // Ends the connection at once; what is under way returns.
  virtual void abort() = 0;
  [[nodiscard]] virtual const CloseReason& close_reason() const = 0;
};

}  // namespace am::net
