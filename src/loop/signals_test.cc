#include "loop/signals.h"

#include <gtest/gtest.h>

#include <csignal>

#include "loop/test_loop.h"

namespace am {
namespace {

TEST(StopSignals, GivesEachSignalAlsoOneFromBetweenTwoWaits) {
  asio::io_context loop;
  StopSignals signals(loop.get_executor());
  std::raise(SIGTERM);
  EXPECT_EQ(run_to_end(loop, signals.next()), SIGTERM);
  asio::post(loop, [] { std::raise(SIGINT); });
  EXPECT_EQ(run_to_end(loop, signals.next()), SIGINT);
}

}  // namespace
}  // namespace am
