#include "ipc/codec.h"

#include <utility>

#include "ipc/reader.h"
#include "ipc/schema.h"
#include "ipc/writer.h"

namespace am::ipc {
namespace {

std::uint32_t read_u32(std::string_view bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = (value << 8) | static_cast<unsigned char>(bytes[i]);
  return value;
}

std::uint16_t read_u16(std::string_view bytes) {
  return static_cast<std::uint16_t>((static_cast<unsigned char>(bytes[0]) << 8) |
                                    static_cast<unsigned char>(bytes[1]));
}

void put_big_endian(std::string& into, std::uint32_t value, int bytes) {
  for (int shift = bytes * 8 - 8; shift >= 0; shift -= 8) into += static_cast<char>((value >> shift) & 0xff);
}

Result<Message> broken(std::string_view name) {
  return fail(ErrorCode::invalid_argument, "a {} frame is broken off or has a value out of range", name);
}

// Tries the variant's alternatives by type number.
template <std::size_t Index = 0>
Result<Message> decode(std::uint16_t type, std::string_view payload) {
  if constexpr (Index == std::variant_size_v<Message>) {
    return fail(ErrorCode::invalid_argument, "unknown message type {}", type);
  } else {
    using Candidate = std::variant_alternative_t<Index, Message>;
    if (type != MessageType<Candidate>::number) return decode<Index + 1>(type, payload);
    Candidate message;
    if (!Reader(payload).fields(message)) return broken(MessageType<Candidate>::name);
    return message;
  }
}

}  // namespace

std::string encode(const Message& message) {
  return std::visit(
      [](const auto& concrete) {
        using Concrete = std::remove_cvref_t<decltype(concrete)>;
        Writer writer;
        writer.fields(concrete);
        const std::string payload = writer.take();
        std::string frame;
        frame.reserve(kFrameHeaderBytes + payload.size());
        put_big_endian(frame, static_cast<std::uint32_t>(payload.size() + 2), 4);
        put_big_endian(frame, MessageType<Concrete>::number, 2);
        frame += payload;
        return frame;
      },
      message);
}

void FrameDecoder::feed(std::string_view bytes) {
  // Drop what was read before the buffer grows, so that it holds one partial frame at most.
  if (consumed_ > 0) {
    buffer_.erase(0, consumed_);
    consumed_ = 0;
  }
  buffer_ += bytes;
}

Result<std::optional<Message>> FrameDecoder::next() {
  const std::string_view rest = std::string_view(buffer_).substr(consumed_);
  if (rest.size() < 4) return std::nullopt;
  const std::uint32_t length = read_u32(rest);
  if (length < 2 || length > frame_limit_) {
    return fail(ErrorCode::invalid_argument, "frame length {} is outside 2 to {} bytes", length,
                frame_limit_);
  }
  if (rest.size() < 4 + std::size_t{length}) return std::nullopt;
  const std::uint16_t type = read_u16(rest.substr(4));
  auto message = decode(type, rest.substr(kFrameHeaderBytes, length - 2));
  if (!message) return pass_on(message);
  consumed_ += 4 + std::size_t{length};
  return std::optional<Message>(std::move(*message));
}

std::string_view name_of(const Message& message) {
  return std::visit(
      [](const auto& concrete) { return MessageType<std::remove_cvref_t<decltype(concrete)>>::name; },
      message);
}

}  // namespace am::ipc
