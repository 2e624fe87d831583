#include "manager/output_relay.h"

#include <gtest/gtest.h>

namespace am::manager {
namespace {

TEST(OutputQueryTest, HasDefaults) {
  const auto query = parse_output_query({});
  ASSERT_TRUE(query);
  EXPECT_EQ(query->from, 0U);
  EXPECT_FALSE(query->follow);
  EXPECT_FALSE(query->tree);
}

TEST(OutputQueryTest, ReadsEveryField) {
  const auto query = parse_output_query({{"from", "4294967296"}, {"follow", "true"}, {"tree", "1"}});
  ASSERT_TRUE(query);
  EXPECT_EQ(query->from, 4294967296U);
  EXPECT_TRUE(query->follow);
  EXPECT_TRUE(query->tree);
}

TEST(OutputQueryTest, NamesWhatIsWrong) {
  for (const char* from : {"-1", "x", "1.5", "", " 1", "99999999999999999999", "9223372036854775807"}) {
    const auto query = parse_output_query({{"from", from}});
    ASSERT_FALSE(query) << from;
    EXPECT_EQ(query.error().message,
              fmt::format("from: must be a number of bytes, 0 or more, not \"{}\"", from));
  }
  EXPECT_EQ(parse_output_query({{"follow", "yes"}}).error().message,
            "follow: must be true or false, not \"yes\"");
  EXPECT_EQ(parse_output_query({{"tree", ""}}).error().message, "tree: must be true or false, not \"\"");
}

}  // namespace
}  // namespace am::manager
