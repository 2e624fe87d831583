#include "loop/blocking_pool.h"

#include <gtest/gtest.h>

#include <latch>
#include <stdexcept>
#include <string>
#include <thread>

#include "loop/task_group.h"
#include "loop/test_loop.h"

namespace am {
namespace {

TEST(BlockingPool, GivesResultsBackOnTheLoop) {
  asio::io_context loop;
  BlockingPool pool(2);
  const auto caller = std::this_thread::get_id();
  auto work = [](BlockingPool& on, std::thread::id loop_thread) -> Awaitable<std::string> {
    auto text = co_await on.run([&] {
      EXPECT_NE(std::this_thread::get_id(), loop_thread);
      return std::make_unique<std::string>("made");
    });
    EXPECT_EQ(std::this_thread::get_id(), loop_thread);
    co_await on.run([&] { *text += " twice"; });
    co_return *text;
  };
  EXPECT_EQ(run_to_end(loop, work(pool, caller)), "made twice");
}

TEST(BlockingPool, PassesTheExceptionOn) {
  asio::io_context loop;
  BlockingPool pool(1);
  auto fails = [] { throw std::runtime_error("no space"); };
  EXPECT_THROW(run_to_end(loop, pool.run(fails)), std::runtime_error);
}

TEST(BlockingPool, TheLoopGoesOnMeanwhile) {
  asio::io_context loop;
  BlockingPool pool(1);
  std::latch released(1);
  asio::post(loop, [&] { released.count_down(); });
  run_to_end(loop, pool.run([&] { released.wait(); }));
}

TEST(BlockingPool, ACancelledCallerWaitsForTheFunction) {
  asio::io_context loop;
  BlockingPool pool(1);
  std::latch released(1);
  bool returned = false;
  bool went_on = false;
  auto work = [](BlockingPool& on, std::latch& gate, bool& after, bool& next) -> Awaitable<> {
    co_await on.run([&] { gate.wait(); });
    after = true;
    const auto executor = co_await asio::this_coro::executor;
    co_await asio::post(executor, asio::use_awaitable);
    next = true;
  };
  TaskGroup group(loop.get_executor(), nullptr);
  group.spawn("work", work(pool, released, returned, went_on));
  loop.poll();
  group.cancel();
  loop.restart();
  loop.poll();
  EXPECT_FALSE(returned);
  released.count_down();
  run_to_end(loop, group.drain());
  EXPECT_TRUE(returned);
  EXPECT_FALSE(went_on);
}

}  // namespace
}  // namespace am
