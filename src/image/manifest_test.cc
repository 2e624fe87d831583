#include "image/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace am::image {
namespace {

Manifest example() {
  return {.suite = "trixie",
          .sources = {"deb http://deb.debian.org/debian/ trixie main"},
          .built_at = "2026-03-01T08:15:51.000Z",
          .pins_sha256 = "ab12",
          .python_version = "3.13.5",
          .python_packages = {{"aiohttp", "3.14.5"}, {"six", "1.17.0"}},
          .debian_packages = {{"bash", "5.2.37-2+b10"}},
          .note = "a note"};
}

TEST(Manifest, IsReadAsWritten) {
  const auto read = parse_manifest(boost::json::serialize(to_json(example())));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, example());
}

TEST(Manifest, NamesTheFieldThatIsWrong) {
  for (const auto& field : to_json(example())) {
    auto without = to_json(example());
    without.erase(field.key());
    auto other = to_json(example());
    other[field.key()] = true;
    for (const auto& object : {without, other}) {
      const auto read = parse_manifest(boost::json::serialize(object));
      ASSERT_FALSE(read) << field.key();
      EXPECT_THAT(read.error().message,
                  testing::HasSubstr("\"" + std::string(field.key()) + "\" is missing"));
    }
  }
}

TEST(Manifest, RefusesWhatIsNoObject) {
  for (const char* text : {"", "[]", "{", "{\"format\":1}"}) EXPECT_FALSE(parse_manifest(text)) << text;
}

TEST(Versions, TakesLinesOfTwoWords) {
  EXPECT_THAT(parse_versions("3.13.5\nsix 1.17.0\n\nattrs 26.1.0\n x\ny \nlast 1"),
              testing::ElementsAre(testing::Pair("attrs", "26.1.0"), testing::Pair("last", "1"),
                                   testing::Pair("six", "1.17.0")));
}

}  // namespace
}  // namespace am::image
