#include "loop/task_group.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "loop/test_loop.h"

namespace am {
namespace {

using namespace std::chrono_literals;

Awaitable<> wait_forever(asio::any_io_executor executor, int& ended) {
  struct Count {
    int& count;
    ~Count() { ++count; }
  } count{ended};
  asio::steady_timer never(executor, asio::steady_timer::time_point::max());
  co_await never.async_wait(asio::use_awaitable);
}

TEST(TaskGroup, DrainReturnsWhenAllHaveEnded) {
  asio::io_context loop;
  TaskGroup group(loop.get_executor(), nullptr);
  int done = 0;
  auto work = [](int& count) -> Awaitable<> {
    const auto executor = co_await asio::this_coro::executor;
    co_await asio::post(executor, asio::use_awaitable);
    ++count;
  };
  for (int i = 0; i < 10; ++i) group.spawn("work", work(done));
  EXPECT_EQ(group.size(), 10U);
  run_to_end(loop, group.drain());
  EXPECT_EQ(done, 10);
  EXPECT_EQ(group.size(), 0U);
}

TEST(TaskGroup, CancelEndsWaitingCoroutinesAndIsNoFailure) {
  asio::io_context loop;
  int failures = 0;
  int ended = 0;
  TaskGroup group(loop.get_executor(), [&](const std::string&, const std::string&) { ++failures; });
  for (int i = 0; i < 3; ++i) group.spawn("wait", wait_forever(loop.get_executor(), ended));
  loop.poll();
  group.cancel();
  run_to_end(loop, group.drain());
  EXPECT_EQ(ended, 3);
  EXPECT_EQ(failures, 0);
}

TEST(TaskGroup, CancelBeforeTheFirstStepEndsTheCoroutine) {
  asio::io_context loop;
  int ended = 0;
  TaskGroup group(loop.get_executor(), nullptr);
  group.spawn("wait", wait_forever(loop.get_executor(), ended));
  group.cancel();
  run_to_end(loop, group.drain());
}

TEST(TaskGroup, SpawnAfterCancelDropsTheCoroutine) {
  asio::io_context loop;
  TaskGroup group(loop.get_executor(), nullptr);
  group.cancel();
  int ended = 0;
  EXPECT_TRUE(group.spawn("late", wait_forever(loop.get_executor(), ended)).expired());
  EXPECT_EQ(group.size(), 0U);
}

TEST(TaskGroup, CancelFromInsideACoroutineThatThenReturnsAtOnce) {
  asio::io_context loop;
  TaskGroup group(loop.get_executor(), nullptr);
  auto work = [](TaskGroup& own) -> Awaitable<> {
    own.cancel();
    co_return;
  };
  asio::post(loop, [&] { group.spawn("self", work(group)); });
  loop.poll();
  run_to_end(loop, group.drain());
  EXPECT_EQ(group.size(), 0U);
}

TEST(TaskGroup, HandleCancelsOneCoroutineOnly) {
  asio::io_context loop;
  int first_ended = 0;
  int second_ended = 0;
  TaskGroup group(loop.get_executor(), nullptr);
  const auto handle = group.spawn("first", wait_forever(loop.get_executor(), first_ended));
  group.spawn("second", wait_forever(loop.get_executor(), second_ended));
  loop.poll();
  handle.lock()->emit(asio::cancellation_type::terminal);
  loop.poll();
  EXPECT_EQ(first_ended, 1);
  EXPECT_EQ(second_ended, 0);
  EXPECT_TRUE(handle.expired());
  EXPECT_EQ(group.size(), 1U);
  group.cancel();
  run_to_end(loop, group.drain());
}

TEST(TaskGroup, ReportsAnExceptionWithTheNameOfTheWork) {
  asio::io_context loop;
  std::vector<std::string> heard;
  TaskGroup group(loop.get_executor(), [&](const std::string& name, const std::string& what) {
    heard.push_back(name + ": " + what);
  });
  auto broken = []() -> Awaitable<> {
    throw std::runtime_error("disk full");
    co_return;
  };
  group.spawn("writer", broken());
  run_to_end(loop, group.drain());
  EXPECT_EQ(heard, std::vector<std::string>{"writer: disk full"});
}

}  // namespace
}  // namespace am
