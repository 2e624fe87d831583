#include "image/mirrors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace am::image {
namespace {

constexpr std::string_view kTargets =
    "http://deb.debian.org/debian/|bookworm|main\n"
    "http://deb.debian.org/debian/|bookworm|contrib\n"
    "http://deb.debian.org/debian/|bookworm-updates|main\n"
    "http://deb.debian.org/debian-security/|bookworm-security|main\n"
    "https://packages.example.org/tools/|bookworm|extra\n";

TEST(Mirrors, FindsThoseOfTheMachinesRelease) {
  const auto mirrors = parse_index_targets(kTargets, "bookworm");
  ASSERT_TRUE(mirrors) << mirrors.error().message;
  EXPECT_EQ(mirrors->main, "http://deb.debian.org/debian/");
  EXPECT_EQ(mirrors->security, "http://deb.debian.org/debian-security/");
}

TEST(Mirrors, AFreshMachineHasOnlyAddresses) {
  const std::string targets = targets_of_uris(
      "'http://m/debian/dists/bookworm/InRelease' m_debian_dists_bookworm_InRelease 0 \n"
      "'http://m/security/dists/bookworm-security/InRelease' m_security 0 \n"
      "'http://m/debian/dists/bookworm/main/binary-amd64/Packages.xz' m_Packages 0 \n"
      "'http://m/InRelease' m 0\n''\nReading package lists...");
  EXPECT_EQ(targets, "http://m/debian/|bookworm|main\nhttp://m/security/|bookworm-security|main\n");
  const auto mirrors = parse_index_targets(targets, "bookworm");
  ASSERT_TRUE(mirrors) << mirrors.error().message;
  EXPECT_EQ(*mirrors, (Mirrors{.main = "http://m/debian/", .security = "http://m/security/"}));
}

TEST(Mirrors, TheFirstNamedWins) {
  const auto mirrors = parse_index_targets("http://near/|trixie|main\nhttp://far/|trixie|main\n", "trixie");
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
