#include "cli/output_record.h"

#include <gtest/gtest.h>

namespace am::cli {
namespace {

OutputRecord record(std::string pid, std::uint64_t offset, std::string text, std::string stream = "stdout") {
  const std::uint64_t next = offset + (stream == "system" ? 0 : text.size());
  return {.offset = offset,
          .next = next,
          .stream = std::move(stream),
          .pid = std::move(pid),
          .text = std::move(text)};
}

TEST(OutputLine, ReadsARecord) {
  const auto line = parse_output_line(
      R"({"offset":5,"next":12,"time":0.25,"stream":"stderr","pid":"p","text":"a\u20ac\n"})");
  ASSERT_TRUE(line && line->record);
  EXPECT_EQ(line->record->offset, 5U);
  EXPECT_EQ(line->record->next, 12U);
  EXPECT_EQ(line->record->stream, "stderr");
  EXPECT_EQ(line->record->text, "a€\n");
  EXPECT_FALSE(line->end);
}

TEST(OutputLine, ReadsTheEnd) {
  const auto line = parse_output_line(
      R"({"end":{"state":"closed","outcome":{"kind":"exited","exitCode":3,"signal":null,"message":""}}})");
  ASSERT_TRUE(line && line->end && line->end->outcome);
  EXPECT_EQ(line->end->outcome->kind, OutcomeKind::exited);
  EXPECT_EQ(line->end->outcome->exit_code, 3);
}

TEST(OutputLine, SkipsWhatItDoesNotKnowAndRefusesWhatIsNoJson) {
  const auto unknown = parse_output_line(R"({"heartbeat":1})");
  ASSERT_TRUE(unknown);
  EXPECT_FALSE(unknown->record || unknown->end);
  EXPECT_TRUE(parse_output_line(""));
  EXPECT_FALSE(parse_output_line("{\"offset\":"));
}

TEST(OutputPosition, ContinuesBehindTheOwnBytesOnly) {
  OutputPosition position("parent");
  EXPECT_EQ(position.from(), 0U);
  OutputRecord own = record("parent", 0, "12345");
  OutputRecord child = record("child", 0, "123456789");
  EXPECT_TRUE(position.take(own));
  EXPECT_TRUE(position.take(child));
  EXPECT_EQ(position.from(), 5U);
}

TEST(OutputPosition, TakesNothingTwice) {
  OutputPosition position("parent");
  OutputRecord first = record("child", 0, "abc");
  EXPECT_TRUE(position.take(first));
  EXPECT_FALSE(position.take(first));
  OutputRecord wider = record("child", 0, "abcdef");
  EXPECT_TRUE(position.take(wider));
  EXPECT_EQ(wider.text, "def");
  OutputRecord notice = record("parent", 0, "started", "system");
  EXPECT_TRUE(position.take(notice));
  EXPECT_FALSE(position.take(notice));
  OutputRecord other = record("parent", 0, "ended", "system");
  EXPECT_TRUE(position.take(other));
}

TEST(OutputPosition, ForgetsOldDescendantsButNeverTheTask) {
  OutputPosition position("parent");
  OutputRecord own = record("parent", 0, "12345");
  EXPECT_TRUE(position.take(own));
  for (int i = 0; i < 10'000; ++i) {
    OutputRecord child = record(std::to_string(i), 0, "x");
    EXPECT_TRUE(position.take(child));
  }
  EXPECT_EQ(position.from(), 5U);
  EXPECT_FALSE(position.take(own));
}

}  // namespace
}  // namespace am::cli
