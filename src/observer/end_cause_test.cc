#include "observer/end_cause.h"

#include <gtest/gtest.h>

#include <csignal>

namespace am::observer {
namespace {

const TaskLimits kLimits{1, 100};
const process::ExitStatus kKilled{std::nullopt, SIGKILL};

TEST(EndCause, WithoutAnyTheStatusSpeaks) {
  const EndCause none;
  EXPECT_EQ(none.outcome({3, std::nullopt}, kLimits, 0, 0),
            (TaskOutcome{OutcomeKind::exited, 3, std::nullopt, ""}));
  EXPECT_EQ(none.outcome({std::nullopt, SIGSEGV}, kLimits, 0, 0),
            (TaskOutcome{OutcomeKind::signaled, std::nullopt, SIGSEGV, "ended by signal 11 (SIGSEGV)"}));
}

TEST(EndCause, TheFirstOneWins) {
  EndCause cause;
  EXPECT_TRUE(cause.set(EndCause::Kind::time_limit, 1.04));
  EXPECT_FALSE(cause.set(EndCause::Kind::stopped, 1.5, "admin"));
  const TaskOutcome outcome = cause.outcome(kKilled, kLimits, 0, 0);
  EXPECT_EQ(outcome.kind, OutcomeKind::timed_out);
  EXPECT_EQ(outcome.message, "stopped after 1.0 s: time limit 1 s");
}

TEST(EndCause, SaysEachLimitInWords) {
  EndCause memory;
  memory.set(EndCause::Kind::memory_limit, 0.2);
  EXPECT_EQ(memory.outcome(kKilled, kLimits, 0, 99.96).message, "memory limit 100 MB, peak 100.0 MB");
  EXPECT_TRUE(memory.kills_at_once());

  EndCause stopped;
  stopped.set(EndCause::Kind::stopped, 2, "admin");
  EXPECT_EQ(stopped.outcome({0, std::nullopt}, kLimits, 0, 0),
            (TaskOutcome{OutcomeKind::stopped, 0, std::nullopt, "stopped after 2.0 s by admin"}));
  EXPECT_FALSE(stopped.kills_at_once());

  EndCause processes;
  processes.set(EndCause::Kind::process_limit, 0.5);
  EXPECT_EQ(processes.outcome({1, std::nullopt}, kLimits, 512, 0),
            (TaskOutcome{OutcomeKind::signaled, std::nullopt, SIGKILL,
                         "killed after 0.5 s: more than 512 processes at once"}));
}

}  // namespace
}  // namespace am::observer
