// Two message streams tied together.
#pragma once

#include <functional>
#include <memory>

#include "net/message_stream.h"

namespace am::bridge {

using StreamPtr = std::shared_ptr<net::MessageStream>;

// Bytes of one piece on its way; what a relay holds per direction.
inline constexpr std::size_t kPieceBytes = 64 * 1024;

// Passes on what `from` sends until one of them is over; true when that was `from`.
Awaitable<bool> pump(StreamPtr from, StreamPtr to);

// Passes messages on in both directions until both streams are over. The end of one closes the other with
// its code.
Awaitable<> relay(StreamPtr a, StreamPtr b);

}  // namespace am::bridge
