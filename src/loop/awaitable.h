// The coroutine vocabulary of the daemons: one event loop, one thread that runs it.
#pragma once

#include <boost/asio.hpp>

namespace am {

namespace asio = boost::asio;

template <typename T = void>
using Awaitable = asio::awaitable<T>;

// co_await socket.async_read_some(buffer, kNoThrow) gives [error, size] instead of throwing.
inline constexpr auto kNoThrow = asio::as_tuple(asio::use_awaitable);

}  // namespace am
