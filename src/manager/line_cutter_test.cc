#include "manager/line_cutter.h"

#include <gtest/gtest.h>

namespace am::manager {
namespace {

std::string record(std::uint64_t next, const std::string& text) {
  return fmt::format(R"({{"offset":0,"next":{},"time":0.1,"stream":"stdout","pid":"p","text":"{}"}})", next,
                     text) +
         "\n";
}

TEST(LineCutterTest, PassesWholeLinesOn) {
  LineCutter cutter(5);
  EXPECT_EQ(cutter.next(), 5U);
  const std::string lines = record(10, "a") + record(20, "b");
  EXPECT_EQ(cutter.take(lines).value(), lines);
  EXPECT_EQ(cutter.next(), 20U);
  EXPECT_FALSE(cutter.inside_a_line());
}

TEST(LineCutterTest, JoinsALineThatComesInPieces) {
  LineCutter cutter(0);
  const std::string lines = record(10, "a") + record(20, "b");
  std::string passed;
  for (const char c : lines) passed += cutter.take(std::string(1, c)).value();
  EXPECT_EQ(passed, lines);
  EXPECT_EQ(cutter.next(), 20U);
}

TEST(LineCutterTest, KeepsAPartialLineBack) {
  LineCutter cutter(0);
  EXPECT_EQ(cutter.take(record(10, "a") + R"({"offset":10,"next":2)").value(), record(10, "a"));
  EXPECT_EQ(cutter.next(), 10U);
  EXPECT_TRUE(cutter.inside_a_line());
}

TEST(LineCutterTest, ForgetsAPartialLineOnRestart) {
  LineCutter cutter(0);
  EXPECT_EQ(cutter.take(R"({"offset":10,"next":2)").value(), "");
  cutter.restart();
  EXPECT_EQ(cutter.take(record(30, "c")).value(), record(30, "c"));
  EXPECT_EQ(cutter.next(), 30U);
}

TEST(LineCutterTest, IsNotMisledByTheText) {
  LineCutter cutter(0);
  EXPECT_TRUE(cutter.take(record(7, R"(\"next\":99)")));
  EXPECT_EQ(cutter.next(), 7U);
}

TEST(LineCutterTest, RefusesALineWithoutNext) {
  LineCutter cutter(0);
  EXPECT_FALSE(cutter.take("{\"offset\":1}\n"));
  EXPECT_FALSE(LineCutter(0).take("\n"));
}

TEST(LineCutterTest, BoundsALine) {
  LineCutter cutter(0);
  const std::string piece(1U << 20U, 'x');
  for (int i = 0; i < 8; ++i) EXPECT_TRUE(cutter.take(piece));
  EXPECT_FALSE(cutter.take(piece));
}

}  // namespace
}  // namespace am::manager
