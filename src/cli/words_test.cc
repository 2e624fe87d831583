#include "cli/words.h"

#include <gtest/gtest.h>

namespace am::cli {
namespace {

TEST(DurationWords, ChangesUnitsAsItGrows) {
  EXPECT_EQ(duration_words(0), "0.0 s");
  EXPECT_EQ(duration_words(-3), "0.0 s");
  EXPECT_EQ(duration_words(1.04), "1.0 s");
  EXPECT_EQ(duration_words(9.94), "9.9 s");
  EXPECT_EQ(duration_words(9.96), "10 s");
  EXPECT_EQ(duration_words(59.7), "1 min");
  EXPECT_EQ(duration_words(125), "2 min 5 s");
  EXPECT_EQ(duration_words(3 * 3600 + 12 * 60), "3 h 12 min");
  EXPECT_EQ(duration_words(2 * 86400 + 4 * 3600), "2 d 4 h");
}

TEST(RelativeWords, CountsBackFromNow) {
  EXPECT_EQ(relative_words(1000, 1500), "just now");
  EXPECT_EQ(relative_words(0, 12'000), "12 s ago");
  EXPECT_EQ(relative_words(0, 3'599'000), "59 min ago");
  EXPECT_EQ(relative_words(0, 7'200'000), "2 h ago");
  EXPECT_EQ(relative_words(0, 5LL * 86'400'000), "5 d ago");
  EXPECT_EQ(relative_words(5000, 0), "in 5 s");
}

TEST(ParseIso8601, ReadsTheServersForm) {
  EXPECT_EQ(parse_iso8601("1970-01-01T00:00:00.000Z"), 0);
  EXPECT_EQ(parse_iso8601("2026-03-01T08:15:51.026Z"), 1772352951026);
  EXPECT_FALSE(parse_iso8601("2026-03-01 08:15:51"));
  EXPECT_FALSE(parse_iso8601("2026-13-01T08:15:51.026Z"));
  EXPECT_FALSE(parse_iso8601("2026-0x-01T08:15:51.026Z"));
  EXPECT_FALSE(parse_iso8601(""));
}

TEST(OutcomeWords, TellsEveryKindApart) {
  EndedTask task;
  task.duration_sec = 1.04;
  task.limits = {.timeout_sec = 1, .memory_mb = 100};
  task.usage.memory_peak_mb = 103.2;

  task.outcome = {.kind = OutcomeKind::exited, .exit_code = 3, .signal = {}, .message = ""};
  EXPECT_EQ(outcome_words(task), "exited with code 3");
  EXPECT_EQ(outcome_short(task.outcome), "exit 3");

  task.outcome = {.kind = OutcomeKind::signaled, .exit_code = {}, .signal = 11, .message = ""};
  EXPECT_EQ(outcome_words(task), "ended by SIGSEGV");
  EXPECT_EQ(outcome_short(task.outcome), "SIGSEGV");

  task.outcome = {.kind = OutcomeKind::timed_out, .exit_code = {}, .signal = {}, .message = ""};
  EXPECT_EQ(outcome_words(task), "stopped after 1.0 s: time limit 1 s");

  task.outcome = {.kind = OutcomeKind::memory_limit, .exit_code = {}, .signal = {}, .message = ""};
  EXPECT_EQ(outcome_words(task), "memory limit 100 MB, peak 103 MB");

  task.outcome = {.kind = OutcomeKind::stopped, .exit_code = {}, .signal = {}, .message = ""};
  EXPECT_EQ(outcome_words(task), "stopped after 1.0 s");
  task.outcome.message = "stopped after 1.0 s by admin";
  EXPECT_EQ(outcome_words(task), "stopped after 1.0 s by admin");

  task.outcome = {.kind = OutcomeKind::failed_to_start, .exit_code = {}, .signal = {}, .message = "no file"};
  EXPECT_EQ(outcome_words(task), "could not start: no file");

  task.outcome = {.kind = OutcomeKind::lost, .exit_code = {}, .signal = {}, .message = ""};
  EXPECT_EQ(outcome_words(task), "lost");
}

TEST(MegabyteWords, KeepsOneDigitWhereItMatters) {
  EXPECT_EQ(megabyte_words(8.04), "8.0 MB");
  EXPECT_EQ(megabyte_words(302.7), "303 MB");
}

}  // namespace
}  // namespace am::cli
