// The frames of the task socket (docs/PROTOCOL.md, "Task and hypervisor"): u32 length of what follows, u8
// kind, the rest. Integers are big-endian.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "net/message_stream.h"

namespace am::bridge {

enum class FrameKind : std::uint8_t { control = 1, text = 2, binary = 3, close = 4 };

inline constexpr std::uint8_t kMoreFollow = 128;  // added to the kind of all pieces but the last
inline constexpr std::size_t kFrameHeaderBytes = 5;
// A longer frame is refused as soon as its length is read: nothing is allocated for it.
inline constexpr std::uint32_t kFrameLimit = 4U << 20U;

struct FrameHeader {
  FrameKind kind = FrameKind::control;
  bool more = false;
  std::uint32_t size = 0;  // bytes of the payload
};

std::array<char, kFrameHeaderBytes> encode_header(const FrameHeader& header);
// invalid_argument for a kind or a length that the protocol does not have.
Result<FrameHeader> decode_header(std::string_view bytes);

std::string encode_close(const net::CloseReason& reason);
net::CloseReason decode_close(std::string_view payload);

}  // namespace am::bridge
