#include "loop/backoff.h"

#include <gtest/gtest.h>

namespace am {
namespace {

using namespace std::chrono_literals;

TEST(Backoff, DoublesUpToItsBoundWithJitterAndStartsAgain) {
  Backoff backoff(100ms, 1s);
  for (int round = 0; round < 2; ++round) {
    for (const auto whole : {100ms, 200ms, 400ms, 800ms, 1000ms, 1000ms}) {
      const auto wait = backoff.next();
      EXPECT_GE(wait, whole / 2);
      EXPECT_LE(wait, whole);
    }
    backoff.reset();
  }
}

TEST(Backoff, NeverWaitsForNothingOrForever) {
  Backoff zero(0ms, 0ms);
  EXPECT_EQ(zero.next(), 1ms);
  Backoff longest(1ms, 5s);
  for (int i = 0; i < 1000; ++i) EXPECT_LE(longest.next(), 5s);
}

}  // namespace
}  // namespace am
