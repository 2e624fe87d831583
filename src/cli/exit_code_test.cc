#include "cli/exit_code.h"

#include <gtest/gtest.h>

namespace am::cli {
namespace {

int code_of(OutcomeKind kind, std::optional<int> exited = {}, std::optional<int> signal = {}) {
  return exit_code(TaskOutcome{.kind = kind, .exit_code = exited, .signal = signal, .message = ""});
}

TEST(ExitCode, IsTheTasksOwnWhenItExited) {
  EXPECT_EQ(code_of(OutcomeKind::exited, 0), 0);
  EXPECT_EQ(code_of(OutcomeKind::exited, 3), 3);
  EXPECT_EQ(code_of(OutcomeKind::exited, 255), 255);
}

TEST(ExitCode, FollowsTheShellForEveryOtherEnd) {
  EXPECT_EQ(code_of(OutcomeKind::signaled, {}, 9), 137);
  EXPECT_EQ(code_of(OutcomeKind::signaled, {}, 11), 139);
  EXPECT_EQ(code_of(OutcomeKind::timed_out), 124);
  EXPECT_EQ(code_of(OutcomeKind::memory_limit, {}, 9), 137);
  EXPECT_EQ(code_of(OutcomeKind::stopped), 143);
  EXPECT_EQ(code_of(OutcomeKind::failed_to_start), 125);
  EXPECT_EQ(code_of(OutcomeKind::lost), 1);
}

}  // namespace
}  // namespace am::cli
