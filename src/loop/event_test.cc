#include "loop/event.h"

#include <gtest/gtest.h>

#include <memory>

#include "loop/task_group.h"
#include "loop/test_loop.h"

namespace am {
namespace {

using namespace std::chrono_literals;

TEST(Event, ReturnsAtOnceWhenTheVersionIsAlreadyAnother) {
  asio::io_context loop;
  Event event(loop.get_executor());
  const auto seen = event.version();
  event.notify_all();
  run_to_end(loop, event.changed_since(seen));
  EXPECT_TRUE(run_to_end(loop, event.changed_since(seen, 0ms)));
}

TEST(Event, WakesEveryWaiter) {
  asio::io_context loop;
  Event event(loop.get_executor());
  int woken = 0;
  TaskGroup group(loop.get_executor(), nullptr);
  auto wait = [](Event& on, int& count) -> Awaitable<> {
    co_await on.changed_since(on.version());
    ++count;
  };
  for (int i = 0; i < 3; ++i) group.spawn("wait", wait(event, woken));
  loop.poll();
  EXPECT_EQ(woken, 0);
  event.notify_all();
  run_to_end(loop, group.drain());
  EXPECT_EQ(woken, 3);
}

TEST(Event, BoundedWaitTellsChangeFromTimeout) {
  asio::io_context loop;
  Event event(loop.get_executor());
  EXPECT_FALSE(run_to_end(loop, event.changed_since(event.version(), 1ms)));
  asio::post(loop, [&] { event.notify_all(); });
  EXPECT_TRUE(run_to_end(loop, event.changed_since(event.version(), 1h)));
}

TEST(Event, CancellationOfTheWaiterThrows) {
  asio::io_context loop;
  Event event(loop.get_executor());
  std::vector<boost::system::error_code> seen;
  auto wait = [](Event& on, std::vector<boost::system::error_code>& errors, bool bounded) -> Awaitable<> {
    try {
      if (bounded) {
        co_await on.changed_since(on.version(), 1h);
      } else {
        co_await on.changed_since(on.version());
      }
    } catch (const boost::system::system_error& error) {
      errors.push_back(error.code());
    }
  };
  TaskGroup group(loop.get_executor(), nullptr);
  group.spawn("plain", wait(event, seen, false));
  group.spawn("bounded", wait(event, seen, true));
  loop.poll();
  group.cancel();
  run_to_end(loop, group.drain());
  EXPECT_EQ(seen, (std::vector<boost::system::error_code>(2, asio::error::operation_aborted)));
  event.notify_all();
}

TEST(Event, DestructionEndsTheWait) {
  asio::io_context loop;
  auto event = std::make_unique<Event>(loop.get_executor());
  std::exception_ptr fault;
  asio::co_spawn(loop, event->changed_since(event->version()),
                 [&](std::exception_ptr error) { fault = std::move(error); });
  loop.poll();
  event.reset();
  loop.run();
  EXPECT_THROW(std::rethrow_exception(fault), boost::system::system_error);
}

TEST(Event, MayGoBeforeALoopThatStillHoldsAWaiter) {
  asio::io_context loop;
  Event event(loop.get_executor());
  asio::co_spawn(loop, event.changed_since(event.version()), asio::detached);
  loop.poll();
}

}  // namespace
}  // namespace am
