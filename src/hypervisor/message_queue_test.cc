#include "hypervisor/message_queue.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "loop/test_loop.h"

namespace am::hypervisor {
namespace {

class MessageQueueTest : public ::testing::Test {
 protected:
  MessageQueueTest() {
    std::string name = "/tmp/am-messages-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
    folder_ = name;
  }
  ~MessageQueueTest() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] MessageQueue queue() { return {loop_.get_executor(), folder_ + "/messages.read"}; }

  asio::io_context loop_{1};
  std::string folder_;
};

TEST_F(MessageQueueTest, GivesMessagesInOrderAndOnce) {
  MessageQueue messages = queue();
  EXPECT_TRUE(messages.push({7, "a"}));
  EXPECT_TRUE(messages.push({9, "b"}));
  EXPECT_TRUE(messages.push({7, "a"}));  // repeated while it waits
  run_to_end(loop_, messages.arrival());
  const auto first = messages.lease();
  const auto second = messages.lease();
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->json, "a");
  EXPECT_EQ(second->json, "b");
  EXPECT_FALSE(messages.lease());
  EXPECT_TRUE(messages.take(7).value());
  EXPECT_FALSE(messages.take(7).value());
  EXPECT_TRUE(messages.take(9).value());
  EXPECT_FALSE(messages.push({7, "a"}));  // the manager has not heard that it was taken
}

TEST_F(MessageQueueTest, WhoeverIsGoneLeavesTheMessageToTheNext) {
  MessageQueue messages = queue();
  messages.push({1, "a"});
  EXPECT_TRUE(messages.lease());
  messages.give_back(1);
  EXPECT_EQ(messages.lease()->json, "a");
}

TEST_F(MessageQueueTest, TheNextHypervisorKnowsWhatWasTaken) {
  {
    MessageQueue messages = queue();
    messages.push({3, "a"});
    messages.push({5, "b"});
    messages.push({6, "c"});
    EXPECT_TRUE(messages.take(3).value());
  }
  MessageQueue messages = queue();
  EXPECT_FALSE(messages.push({3, "a"}));
  EXPECT_TRUE(messages.push({5, "b"}));
  EXPECT_TRUE(messages.push({6, "c"}));
  EXPECT_EQ(messages.lease()->json, "b");
}

TEST_F(MessageQueueTest, AMessageThatCannotBeMarkedStays) {
  MessageQueue messages(loop_.get_executor(), folder_ + "/no/such/folder");
  messages.push({1, "a"});
  EXPECT_FALSE(messages.take(1).has_value());
  EXPECT_EQ(messages.lease()->json, "a");
}

}  // namespace
}  // namespace am::hypervisor
