#include "up/restart_policy.h"

#include <gtest/gtest.h>

namespace am::up {
namespace {

using std::chrono::seconds;

TEST(RestartPolicy, GivesUpAfterFiveEndsInHalfAMinute) {
  RestartPolicy policy;
  const auto start = RestartPolicy::Clock::time_point();
  for (int second = 0; second < 4; ++second) EXPECT_TRUE(policy.ended(start + seconds(second)));
  EXPECT_FALSE(policy.ended(start + seconds(29)));
}

TEST(RestartPolicy, ForgetsEndsOfLongAgo) {
  RestartPolicy policy;
  auto now = RestartPolicy::Clock::time_point();
  for (int i = 0; i < 100; ++i, now += seconds(8)) EXPECT_TRUE(policy.ended(now)) << i;
}

TEST(RestartPolicy, WaitsLongerEachTime) {
  RestartPolicy policy;
  const auto start = RestartPolicy::Clock::time_point();
  const auto first = policy.ended(start);
  EXPECT_TRUE(policy.ended(start));
  EXPECT_TRUE(policy.ended(start));
  const auto fourth = policy.ended(start);
  ASSERT_TRUE(first && fourth);
  EXPECT_LE(first->count(), 100);
  EXPECT_GE(fourth->count(), 400);
}

}  // namespace
}  // namespace am::up
