#include "bridge/task_frames.h"

namespace am::bridge {

namespace {

constexpr std::size_t kReasonBytes = 123;  // what a WebSocket's close frame has room for

}  // namespace

std::array<char, kFrameHeaderBytes> encode_header(const FrameHeader& header) {
  const std::uint32_t length = header.size + 1;
  const auto kind = static_cast<std::uint8_t>(header.kind);
  return {static_cast<char>(length >> 24U), static_cast<char>(length >> 16U), static_cast<char>(length >> 8U),
          static_cast<char>(length), static_cast<char>(header.more ? kind | kMoreFollow : kind)};
}

Result<FrameHeader> decode_header(std::string_view bytes) {
  std::uint32_t length = 0;
  for (std::size_t i = 0; i < 4; ++i) length = length << 8U | static_cast<std::uint8_t>(bytes[i]);
  if (length < 1 || length > kFrameLimit) {
    return fail(ErrorCode::invalid_argument, "frame length {}: must be 1 to {}", length, kFrameLimit);
  }
  const auto byte = static_cast<std::uint8_t>(bytes[4]);
  FrameHeader header;
  header.kind = static_cast<FrameKind>(byte & ~kMoreFollow);
  header.more = (byte & kMoreFollow) != 0;
  header.size = length - 1;
  const bool message = header.kind == FrameKind::text || header.kind == FrameKind::binary;
  const bool known = message || header.kind == FrameKind::control || header.kind == FrameKind::close;
  if (!known || (header.more && !message)) {
    return fail(ErrorCode::invalid_argument, "frame kind {}: there is none", byte);
  }
  return header;
}

std::string encode_close(const net::CloseReason& reason) {
  const std::string_view text = std::string_view(reason.text).substr(0, kReasonBytes);
  const auto header = encode_header({FrameKind::close, false, static_cast<std::uint32_t>(2 + text.size())});
  std::string frame(header.data(), header.size());
  frame += static_cast<char>(reason.code >> 8U);
  frame += static_cast<char>(reason.code & 255U);
  return frame.append(text);
}

net::CloseReason decode_close(std::string_view payload) {
  if (payload.size() < 2) return {net::close_code::no_status, {}};
  const auto code = static_cast<std::uint16_t>(static_cast<std::uint8_t>(payload[0]) << 8U |
                                               static_cast<std::uint8_t>(payload[1]));
  return {code, std::string(payload.substr(2, kReasonBytes))};
}

}  // namespace am::bridge
