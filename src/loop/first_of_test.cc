#include "loop/first_of.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "loop/test_loop.h"

namespace am {
namespace {

Awaitable<int> value(int number) { co_return number; }

Awaitable<int> fault() {
  throw std::runtime_error("fault");
  co_return 0;
}

Awaitable<int> never(bool* cancelled) {
  asio::steady_timer timer(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
  const auto [error] = co_await timer.async_wait(kNoThrow);
  *cancelled = error == asio::error::operation_aborted;
  co_return 0;
}

TEST(FirstOf, GivesTheFirstAndCancelsTheOther) {
  asio::io_context loop(1);
  run_to_end(loop, []() -> Awaitable<> {
    bool cancelled = false;
    const auto left = co_await first_of(value(7), never(&cancelled));
    EXPECT_EQ(left.index(), 0U);
    EXPECT_EQ(std::get<0>(left), 7);
    EXPECT_TRUE(cancelled);
    cancelled = false;
    const auto right = co_await first_of(never(&cancelled), value(8));
    EXPECT_EQ(right.index(), 1U);
    EXPECT_TRUE(cancelled);
  }());
}

TEST(FirstOf, ThrowsWhatTheFirstThrew) {
  asio::io_context loop(1);
  run_to_end(loop, []() -> Awaitable<> {
    bool cancelled = false;
    bool thrown = false;
    try {
      co_await first_of(fault(), never(&cancelled));
    } catch (const std::runtime_error&) {
      thrown = true;
    }
    EXPECT_TRUE(thrown);
    EXPECT_TRUE(cancelled);
  }());
}

}  // namespace
}  // namespace am
