#include "hypervisor/manager_requests.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "loop/task_group.h"
#include "loop/test_loop.h"

namespace am::hypervisor {
namespace {

class ManagerRequestsTest : public ::testing::Test {
 protected:
  ~ManagerRequestsTest() override {
    group.cancel();
    run_to_end(loop, group.drain());
  }
  TaskGroup::CancelHandle ask(std::string body) {
    return group.spawn("ask", [](ManagerRequestsTest& test, std::string text) -> Awaitable<> {
      test.answers.push_back(co_await test.requests.ask("p1", std::move(text)));
    }(*this, std::move(body)));
  }
  void turn() {
    loop.restart();
    loop.poll();
  }
  [[nodiscard]] std::vector<std::string> asked() const {
    std::vector<std::string> bodies;
    for (const ipc::Message& message : sent) {
      if (const auto* request = std::get_if<ipc::TaskRequest>(&message)) bodies.push_back(request->body);
    }
    return bodies;
  }

  asio::io_context loop{1};
  TaskGroup group{loop.get_executor(), nullptr};
  std::vector<ipc::Message> sent;
  std::vector<std::string> answers;
  ManagerRequests requests{loop.get_executor(), [this](const ipc::Message& message) {
                             sent.push_back(message);
                             return true;
                           }};
};

TEST_F(ManagerRequestsTest, AsksAndGivesTheAnswer) {
  requests.on_connected();
  ask("first");
  ask("second");
  turn();
  ASSERT_EQ(asked(), (std::vector<std::string>{"first", "second"}));
  const auto second = std::get<ipc::TaskRequest>(sent[1]);
  requests.on_answer({second.request_id, "two"});
  turn();
  EXPECT_EQ(answers, std::vector<std::string>{"two"});
}

TEST_F(ManagerRequestsTest, AsksAgainAfterALostConnection) {
  ask("early");
  turn();
  EXPECT_TRUE(sent.empty());
  requests.on_connected();
  requests.on_disconnected();
  requests.on_connected();
  EXPECT_EQ(asked(), (std::vector<std::string>{"early", "early"}));
  const auto again = std::get<ipc::TaskRequest>(sent[1]);
  requests.on_answer({again.request_id, "done"});
  turn();
  EXPECT_EQ(answers, std::vector<std::string>{"done"});
}

TEST_F(ManagerRequestsTest, TheManagerHearsThatNobodyWaits) {
  requests.on_connected();
  const auto handle = ask("wait");
  turn();
  handle.lock()->emit(asio::cancellation_type::terminal);
  turn();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_EQ(std::get<ipc::CancelRequest>(sent[1]).request_id, std::get<ipc::TaskRequest>(sent[0]).request_id);
  EXPECT_TRUE(answers.empty());
}

TEST_F(ManagerRequestsTest, AnErrorIsJson) {
  const Error error{ErrorCode::not_found, "no \"x\""};
  EXPECT_EQ(error_answer(error), R"({"error":{"code":"not_found","message":"no \"x\""}})");
}

}  // namespace
}  // namespace am::hypervisor
