// Two coroutines at once, until both are over.
#pragma once

#include "loop/awaitable.h"

// After the whole of Asio: it does not include what it needs.
#include <boost/asio/experimental/parallel_group.hpp>
#include <utility>

namespace am {

// Cancelled and awaited together; the first exception is thrown on once both have ended.
inline Awaitable<> both_of(Awaitable<> a, Awaitable<> b) {
  const auto executor = co_await asio::this_coro::executor;
  auto pair = asio::experimental::make_parallel_group(asio::co_spawn(executor, std::move(a), asio::deferred),
                                                      asio::co_spawn(executor, std::move(b), asio::deferred));
  const auto [order, a_fault, b_fault] =
      co_await pair.async_wait(asio::experimental::wait_for_all(), asio::use_awaitable);
  if (const auto fault = a_fault ? a_fault : b_fault) std::rethrow_exception(fault);
}

}  // namespace am
