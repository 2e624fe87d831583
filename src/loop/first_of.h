// Two coroutines at once, until the first of them is over.
#pragma once

#include "loop/awaitable.h"

// After the whole of Asio: it does not include what it needs.
#include <boost/asio/experimental/parallel_group.hpp>
#include <utility>
#include <variant>

namespace am {

// One that has a value, as the rest needs it.
template <typename T>
Awaitable<T> with_value(Awaitable<T> work) {
  return work;
}
inline Awaitable<std::monostate> with_value(Awaitable<void> work) {
  co_await std::move(work);
  co_return std::monostate{};
}

// The result of whichever ends first, also when it ends with an exception, which is thrown on; the other one
// is cancelled and awaited. (Asio's own || goes on waiting for the second when the first one throws.)
template <typename A, typename B>
Awaitable<std::variant<A, B>> first_value_of(Awaitable<A> a, Awaitable<B> b) {
  const auto executor = co_await asio::this_coro::executor;
  auto race = asio::experimental::make_parallel_group(asio::co_spawn(executor, std::move(a), asio::deferred),
                                                      asio::co_spawn(executor, std::move(b), asio::deferred));
  auto [order, a_fault, a_value, b_fault, b_value] =
      co_await race.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
  const bool a_first = order[0] == 0;
  if (const auto fault = a_first ? a_fault : b_fault) std::rethrow_exception(fault);
  if (a_first) co_return std::variant<A, B>(std::in_place_index<0>, std::move(a_value));
  co_return std::variant<A, B>(std::in_place_index<1>, std::move(b_value));
}

// The same; where one of them gives nothing the variant holds a monostate.
template <typename A, typename B>
auto first_of(Awaitable<A> a, Awaitable<B> b) {
  return first_value_of(with_value(std::move(a)), with_value(std::move(b)));
}

}  // namespace am
