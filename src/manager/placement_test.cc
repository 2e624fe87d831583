#include "manager/placement.h"

#include <gtest/gtest.h>

namespace am::manager {
namespace {

HypervisorLoad load(const std::string& id, std::uint32_t running, std::uint32_t capacity,
                    std::vector<std::string> venvs = {"default"}) {
  return {.id = id, .capacity = capacity, .running = running, .venvs = std::move(venvs)};
}

std::optional<std::string> chosen(const std::vector<HypervisorLoad>& connected) {
  const auto choice = LeastLoaded().choose("default", connected);
  if (!choice) ADD_FAILURE() << choice.error().message;
  return choice.value_or(std::nullopt);
}

TEST(LeastLoadedTest, TakesTheSmallestShareOfCapacity) {
  EXPECT_EQ(chosen({load("a", 1, 2), load("b", 10, 100), load("c", 1, 4)}), "b");
}

TEST(LeastLoadedTest, TakesTheFirstOfEquals) { EXPECT_EQ(chosen({load("a", 1, 2), load("b", 2, 4)}), "a"); }

TEST(LeastLoadedTest, PassesOverTheFull) { EXPECT_EQ(chosen({load("a", 0, 0), load("b", 3, 4)}), "b"); }

TEST(LeastLoadedTest, GivesNothingWhileAllAreFull) {
  EXPECT_EQ(chosen({load("a", 2, 2), load("b", 5, 4)}), std::nullopt);
}

TEST(LeastLoadedTest, PassesOverThoseWithoutTheVenv) {
  EXPECT_EQ(chosen({load("a", 0, 8, {"other"}), load("b", 7, 8)}), "b");
}

TEST(LeastLoadedTest, SaysThatNoneIsConnected) {
  const auto choice = LeastLoaded().choose("default", {});
  ASSERT_FALSE(choice);
  EXPECT_EQ(choice.error().code, ErrorCode::unavailable);
  EXPECT_TRUE(choice.error().message.starts_with("no hypervisor is connected; "));
}

TEST(LeastLoadedTest, SaysThatNoneHasTheVenv) {
  const std::vector connected = {load("a", 0, 8)};
  const auto choice = LeastLoaded().choose("science", connected);
  ASSERT_FALSE(choice);
  EXPECT_EQ(choice.error().code, ErrorCode::unavailable);
  EXPECT_EQ(choice.error().message, "no connected hypervisor has the virtual environment \"science\"");
}

}  // namespace
}  // namespace am::manager
