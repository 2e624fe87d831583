#include "image/mirrors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace am::image {
namespace {

constexpr std::string_view kTargets =
    "http://deb.debian.org/debian/|bookworm|bookworm|main\n"
    "http://deb.debian.org/debian/|bookworm|bookworm|contrib\n"
    "http://deb.debian.org/debian/|bookworm-updates|bookworm-updates|main\n"
    "http://deb.debian.org/debian-security/|bookworm-security|bookworm-security|main\n"
    "https://packages.example.org/tools/|bookworm|stable|extra\n";

TEST(Mirrors, FindsThoseOfTheMachinesRelease) {
  const auto mirrors = parse_index_targets(kTargets, "bookworm");
  ASSERT_TRUE(mirrors) << mirrors.error().message;
  EXPECT_EQ(mirrors->main, "http://deb.debian.org/debian/");
  EXPECT_EQ(mirrors->security, "http://deb.debian.org/debian-security/");
}

TEST(Mirrors, TheReleasesNameCountsBeforeTheFirstUpdate) {
  const auto mirrors = parse_index_targets("http://mirror/debian/|$(CODENAME)|bookworm|main", "bookworm");
  ASSERT_TRUE(mirrors) << mirrors.error().message;
  EXPECT_EQ(*mirrors, (Mirrors{.main = "http://mirror/debian/", .security = ""}));
}

TEST(Mirrors, TheFirstNamedWins) {
  const auto mirrors =
      parse_index_targets("http://near/|trixie|stable|main\nhttp://far/|trixie|stable|main\n", "trixie");
  ASSERT_TRUE(mirrors) << mirrors.error().message;
  EXPECT_EQ(mirrors->main, "http://near/");
}

TEST(Mirrors, SaysWhatToDoWithoutAny) {
  for (const std::string_view text : {std::string_view(""), std::string_view("a|b\n\n|||\n"), kTargets}) {
    const auto mirrors = parse_index_targets(text, "trixie");
    ASSERT_FALSE(mirrors);
    EXPECT_EQ(mirrors.error().code, ErrorCode::not_found);
    EXPECT_THAT(mirrors.error().message, testing::HasSubstr("\"trixie\"; --mirror names one"));
  }
}

TEST(Mirrors, MakesTheLinesOfASuite) {
  const Mirrors mirrors{.main = "http://m/debian/", .security = "http://m/security/"};
  EXPECT_THAT(
      deb_lines(mirrors, "trixie"),
      testing::ElementsAre("deb http://m/debian/ trixie main", "deb http://m/debian/ trixie-updates main",
                           "deb http://m/security/ trixie-security main"));
  EXPECT_THAT(deb_lines({.main = "http://m/debian/", .security = ""}, "trixie"), testing::SizeIs(2));
  EXPECT_THAT(deb_lines(mirrors, "sid"), testing::ElementsAre("deb http://m/debian/ sid main"));
}

TEST(Mirrors, ChecksSuitesAndAddresses) {
  EXPECT_TRUE(check_suite("--suite", "trixie"));
  EXPECT_TRUE(check_suite("--suite", "stable-backports"));
  for (const char* wrong : {"", "--help", "a b", "../x", "a/b", "trixie\n"}) {
    const auto checked = check_suite("--suite", wrong);
    ASSERT_FALSE(checked) << wrong;
    EXPECT_THAT(checked.error().message, testing::StartsWith(fmt::format("--suite: \"{}\"", wrong)));
  }
  EXPECT_TRUE(check_mirror("--mirror", "http://deb.debian.org/debian"));
  EXPECT_TRUE(check_mirror("--mirror", "file:/srv/debian"));
  for (const char* wrong : {"", "deb.debian.org", "http://a b", "[trusted=yes] http://a", "http://a\nb"}) {
    EXPECT_FALSE(check_mirror("--mirror", wrong)) << wrong;
  }
}

}  // namespace
}  // namespace am::image
