// For tests: runs one coroutine on an event loop to its end, with a bound on a test that hangs.
#pragma once

#include <chrono>
#include <exception>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "loop/awaitable.h"

namespace am {

inline constexpr std::chrono::seconds kTestDeadline{60};

// Gives the coroutine's result back, or throws what left it. Other work of the loop may go on afterwards.
template <typename T>
T run_to_end(asio::io_context& loop, Awaitable<T> work) {
  using Kept = std::conditional_t<std::is_void_v<T>, bool, T>;
  std::optional<Kept> value;
  std::exception_ptr fault;
  bool ended = false;
  auto wrapped = [](Awaitable<T> inner, std::optional<Kept>& result) -> Awaitable<> {
    if constexpr (std::is_void_v<T>) {
      co_await std::move(inner);
      result.emplace(true);
    } else {
      result.emplace(co_await std::move(inner));
    }
  };
  asio::co_spawn(loop, wrapped(std::move(work), value), [&](std::exception_ptr error) {
    fault = std::move(error);
    ended = true;
  });
  loop.restart();
  const auto deadline = std::chrono::steady_clock::now() + kTestDeadline;
  while (!ended && loop.run_one_until(deadline) > 0) {
  }
  if (!ended) throw std::runtime_error("the coroutine under test waits for something that does not come");
  if (fault) std::rethrow_exception(fault);
  if constexpr (!std::is_void_v<T>) return std::move(*value);
}

}  // namespace am
