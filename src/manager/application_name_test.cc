#include "manager/application_name.h"

#include <gmock/gmock.h>

#include "manager/utf8.h"

namespace am::manager {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(ApplicationName, TakesOrdinaryNames) {
  for (const auto* name :
       {"Manual", "a", "My app 2", "Приложение", "日本", "😀", "e\u0301", "-x", "a.b", "a..b", "%2e%2e"}) {
    EXPECT_TRUE(check_application_name(name).has_value()) << name;
  }
  std::string longest;
  for (int i = 0; i < 64; ++i) longest += "😀";
  EXPECT_TRUE(check_application_name(longest).has_value());
  EXPECT_FALSE(check_application_name(longest + "a").has_value());
}

TEST(ApplicationName, RefusesTheRest) {
  using namespace std::string_literals;
  for (const std::string& name : {""s,
                                  " "s,
                                  " a"s,
                                  "a "s,
                                  "."s,
                                  ".."s,
                                  ".a"s,
                                  "a/b"s,
                                  "a\\b"s,
                                  "a\0b"s,
                                  "a\nb"s,
                                  "a\x7f"s,
                                  "\u0085"s,
                                  "a\u202eb"s,
                                  "\u00a0a"s,
                                  "a\u2028b"s,
                                  "\xff"s,
                                  "\xc0\xaf"s,
                                  "a\xed\xa0\x80"s,
                                  "\xf4\x90\x80\x80"s}) {
    const auto checked = check_application_name(name);
    ASSERT_FALSE(checked.has_value()) << name;
    EXPECT_EQ(checked.error().code, ErrorCode::invalid_argument);
    EXPECT_THAT(checked.error().message, StartsWith("name:"));
    EXPECT_TRUE(decode_utf8(checked.error().message).has_value());
  }
}

TEST(FolderName, IsTheNameAndSixLetters) {
  const std::string folder = new_folder_name("Manual");
  EXPECT_THAT(folder, testing::MatchesRegex("Manual-[a-zA-Z0-9]{6}"));
  EXPECT_NE(folder, new_folder_name("Manual"));
}

TEST(FolderName, FitsAndEndsWithAWholeCharacter) {
  std::string longest;
  for (int i = 0; i < 64; ++i) longest += "😀";
  const std::string folder = new_folder_name("a" + longest);
  EXPECT_LE(folder.size(), 255U);
  EXPECT_TRUE(decode_utf8(folder).has_value());
}

TEST(Utf8, DecodesEveryLength) {
  EXPECT_EQ(decode_utf8("a\u0436\u20ac\U0001F600"), U"a\u0436\u20ac\U0001F600");
  for (const auto* text :
       {"\x80", "\xc3", "\xe2\x82", "\xf0\x9f\x98", "\xe0\x80\x80", "\xf0\x80\x80\x80", "\xff"}) {
    EXPECT_FALSE(decode_utf8(text).has_value());
  }
}

TEST(Utf8, ReplacesWhatIsNoCharacter) {
  EXPECT_EQ(valid_utf8("a\u0436\U0001F600"), "a\u0436\U0001F600");
  EXPECT_EQ(valid_utf8("\xff\xfe-\u20ac\xe2\x82"), "\ufffd\ufffd-\u20ac\ufffd\ufffd");
}

}  // namespace
}  // namespace am::manager
