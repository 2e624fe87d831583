#include "bridge/bridge_connection.h"

#include <gtest/gtest.h>

#include <deque>

#include "loop/task_group.h"
#include "loop/test_loop.h"

namespace am::bridge {
namespace {

// One side as a script: what it sends is given before, what it gets is kept.
class FakeStream : public net::MessageStream {
 public:
  explicit FakeStream(const asio::any_io_executor& executor) : changed_(executor) {}

  void say(std::string bytes) {
    said_.push_back(std::move(bytes));
    changed_.notify_all();
  }
  void leave(net::CloseReason reason) {
    left_ = true;
    reason_ = std::move(reason);
    changed_.notify_all();
  }

  Awaitable<std::optional<net::Piece>> read(std::span<char> into) override {
    while (said_.empty() && !over()) co_await changed_.changed_since(changed_.version());
    if (said_.empty()) co_return std::nullopt;
    const std::string bytes = std::move(said_.front());
    said_.pop_front();
    std::copy(bytes.begin(), bytes.end(), into.begin());
    co_return net::Piece{{.text = true, .last = true}, bytes.size()};
  }
  Awaitable<bool> write(net::PieceKind, std::string_view bytes) override {
    if (over()) co_return false;
    heard.emplace_back(bytes);
    co_return true;
  }
  Awaitable<> close(net::CloseReason reason) override {
    if (closed) co_return;
    closed = std::move(reason);
    changed_.notify_all();
  }
  void abort() override { leave({}); }
  [[nodiscard]] const net::CloseReason& close_reason() const override { return left_ ? reason_ : *closed; }

  std::vector<std::string> heard;
  std::optional<net::CloseReason> closed;  // by the product

 private:
  [[nodiscard]] bool over() const { return left_ || closed; }
  std::deque<std::string> said_;
  bool left_ = false;
  net::CloseReason reason_;
  Event changed_;
};

class BridgeConnectionTest : public ::testing::Test {
 protected:
  ~BridgeConnectionTest() override {
    group.cancel();
    run_to_end(loop, group.drain());
  }
  void start() {
    group.spawn("run", [](BridgeConnectionPtr c) -> Awaitable<> { co_await c->run(); }(connection));
    loop.poll();
  }
  void serve() {
    group.spawn("serve", [](BridgeConnectionPtr c, StreamPtr t) -> Awaitable<> {
      co_await c->serve(t);
    }(connection, task));
    loop.restart();
    loop.poll();
  }
  void turn() {
    loop.restart();
    loop.poll();
  }

  asio::io_context loop{1};
  TaskGroup group{loop.get_executor(), nullptr};
  std::shared_ptr<FakeStream> remote = std::make_shared<FakeStream>(loop.get_executor());
  std::shared_ptr<FakeStream> task = std::make_shared<FakeStream>(loop.get_executor());
  BridgeConnectionPtr connection =
      std::make_shared<BridgeConnection>(loop.get_executor(), remote, "127.0.0.1:1");
};

TEST_F(BridgeConnectionTest, KeepsWhatCameBeforeTheTask) {
  start();
  remote->say("one");
  remote->say("two");
  turn();
  serve();
  remote->say("three");
  turn();
  EXPECT_EQ(task->heard, (std::vector<std::string>{"one", "two", "three"}));
  task->say("back");
  turn();
  EXPECT_EQ(remote->heard, std::vector<std::string>{"back"});
}

TEST_F(BridgeConnectionTest, WhoLeftBeforeTheTaskCameIsStillHeard) {
  start();
  remote->say("result");
  remote->leave({1000, "done"});
  turn();
  serve();
  EXPECT_EQ(task->heard, std::vector<std::string>{"result"});
  ASSERT_TRUE(task->closed);
  EXPECT_EQ(task->closed->code, 1000);
  EXPECT_EQ(task->closed->text, "done");
  EXPECT_EQ(group.size(), 0U);
}

TEST_F(BridgeConnectionTest, TheTasksCloseReachesTheOtherSide) {
  start();
  serve();
  task->say("last words");
  task->leave({4000, "finished"});
  turn();
  EXPECT_EQ(remote->heard, std::vector<std::string>{"last words"});
  ASSERT_TRUE(remote->closed);
  EXPECT_EQ(remote->closed->code, 4000);
  EXPECT_EQ(group.size(), 0U);
}

TEST_F(BridgeConnectionTest, HoldsABoundedAmountForATaskThatDoesNotCome) {
  start();
  for (int i = 0; i < 100; ++i) remote->say(std::string(60'000, 'x'));
  turn();
  serve();
  turn();
  EXPECT_EQ(task->heard.size(), 100U);
}

TEST_F(BridgeConnectionTest, ATaskThatIsGoneEndsTheConnection) {
  start();
  remote->say("early");
  turn();
  task->leave({});
  serve();
  ASSERT_TRUE(remote->closed);
  EXPECT_EQ(remote->closed->code, net::close_code::going_away);
  EXPECT_EQ(group.size(), 0U);
}

TEST_F(BridgeConnectionTest, SeatsAreLimitedAndInOrder) {
  WaitingRoom room(loop.get_executor());
  std::vector<BridgeConnectionPtr> all;
  for (std::size_t i = 0; i < WaitingRoom::kSeats; ++i) {
    all.push_back(std::make_shared<BridgeConnection>(loop.get_executor(), remote, std::to_string(i)));
    EXPECT_TRUE(room.enter(all.back()));
  }
  EXPECT_TRUE(room.full());
  EXPECT_FALSE(room.enter(connection));
  EXPECT_EQ(room.take()->peer(), "0");
  room.put_back(all[0]);
  EXPECT_EQ(room.take()->peer(), "0");
  EXPECT_EQ(room.take()->peer(), "1");
  EXPECT_EQ(room.empty().size(), WaitingRoom::kSeats - 2);
  EXPECT_EQ(room.take(), nullptr);
}

}  // namespace
}  // namespace am::bridge
