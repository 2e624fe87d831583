#include "cli/line_reader.h"

#include <gtest/gtest.h>

#include <vector>

namespace am::cli {
namespace {

std::vector<std::string> lines_of(const std::string& text, std::size_t piece) {
  LineReader reader;
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size(); at += piece) {
    EXPECT_TRUE(reader.append(std::string_view(text).substr(at, piece)));
    while (auto line = reader.next()) lines.emplace_back(*line);
  }
  return lines;
}

TEST(LineReader, GivesTheSameLinesHoweverTheBytesArrive) {
  const std::vector<std::string> expected = {R"({"a":1})", "", std::string(300'000, 'x'), "last"};
  std::string text;
  for (const auto& line : expected) text += line + "\n";
  for (const std::size_t piece : {1UL, 7UL, 4096UL, 1'000'000UL}) {
    EXPECT_EQ(lines_of(text, piece), expected) << piece;
  }
}

TEST(LineReader, KeepsAnUnfinishedLineBack) {
  LineReader reader;
  ASSERT_TRUE(reader.append("one\ntw"));
  EXPECT_EQ(reader.next(), "one");
  EXPECT_EQ(reader.next(), std::nullopt);
  EXPECT_EQ(reader.pending(), 2U);
  reader.reset();
  ASSERT_TRUE(reader.append("three\n"));
  EXPECT_EQ(reader.next(), "three");
  EXPECT_EQ(reader.pending(), 0U);
}

TEST(LineReader, RefusesALineOverItsLimit) {
  LineReader reader(10);
  ASSERT_TRUE(reader.append("12345678"));
  EXPECT_EQ(reader.next(), std::nullopt);
  const auto refused = reader.append("9abc");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::too_large);
}

}  // namespace
}  // namespace am::cli
