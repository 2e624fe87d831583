#include "hypervisor/utf8_text.h"

#include <gtest/gtest.h>

namespace am::hypervisor {
namespace {

std::string whole(std::string_view bytes) {
  Utf8Text text;
  std::string json;
  text.append(bytes, 0, json);
  text.finish(json);
  return json;
}

TEST(Utf8Text, KeepsTextAndEscapesForJson) {
  EXPECT_EQ(whole("a\"b\\c\n\t\x01\x7f"), "a\\\"b\\\\c\\n\\t\\u0001\x7f");
  EXPECT_EQ(whole("Привет €𝄞"), "Привет €𝄞");
}

TEST(Utf8Text, ReplacesWhatIsNoUtf8AsPythonDoes) {
  EXPECT_EQ(whole("a\xff"), "a\xef\xbf\xbd");
  EXPECT_EQ(whole("\xe2\x82z"), "\xef\xbf\xbdz");                            // broken off inside: one
  EXPECT_EQ(whole("\xc0\xaf"), "\xef\xbf\xbd\xef\xbf\xbd");                  // overlong
  EXPECT_EQ(whole("\xed\xa0\x80"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");  // a surrogate
  EXPECT_EQ(whole("\xf4\x90\x80\x80").size(), 12U);                          // above U+10FFFF
}

TEST(Utf8Text, JoinsACharacterSplitAtEveryPlace) {
  const std::string input = "x€y𝄞z";
  for (std::size_t first = 0; first <= input.size(); ++first) {
    for (std::size_t second = first; second <= input.size(); ++second) {
      Utf8Text text;
      std::string json;
      text.append(input.substr(0, first), 0, json);
      text.append(input.substr(first, second - first), first, json);
      text.append(input.substr(second), second, json);
      EXPECT_EQ(json, input) << first << ' ' << second;
      EXPECT_EQ(text.held_back(), 0U);
    }
  }
}

TEST(Utf8Text, KnowsWhereTheHeldBackBytesLie) {
  Utf8Text text;
  std::string json;
  text.append("ab\xf0\x9d", 10, json);
  EXPECT_EQ(text.held_back(), 2U);
  EXPECT_EQ(text.held_offset(), 12U);
  text.append("\x84", 40, json);  // the stream's next byte, elsewhere in the log
  EXPECT_EQ(text.held_back(), 3U);
  EXPECT_EQ(text.held_offset(), 12U);
  text.append("\x9e", 50, json);
  EXPECT_EQ(json, "ab𝄞");
}

TEST(UnfinishedTail, CountsBytesThatWaitForMore) {
  EXPECT_EQ(unfinished_tail("abc"), 0U);
  EXPECT_EQ(unfinished_tail("a\xe2"), 1U);
  EXPECT_EQ(unfinished_tail("a\xe2\x82"), 2U);
  EXPECT_EQ(unfinished_tail("a\xe2\x82\xac"), 0U);
  EXPECT_EQ(unfinished_tail("\x82\xac"), 0U);
  EXPECT_EQ(unfinished_tail("\xf0\x9d\x84"), 3U);
}

}  // namespace
}  // namespace am::hypervisor
