#include "jsontext/parse.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cmath>
#include <random>

namespace am {
namespace {

namespace json = boost::json;

TEST(ParseJsonText, NumbersAreExact) {
  std::mt19937_64 random(1);  // NOLINT(cert-msc51-cpp): the same numbers in every run
  std::uniform_real_distribution<double> mantissa(-1, 1);
  std::uniform_int_distribution<int> exponent(-300, 300);
  for (int i = 0; i < 20'000; ++i) {
    const double number = mantissa(random) * std::pow(10, exponent(random));
    const ParsedJson parsed = parse_json_text(fmt::format("[{}]", number));
    ASSERT_FALSE(parsed.error) << number;
    ASSERT_EQ(parsed.value.at(0).to_number<double>(), number);
  }
}

TEST(ParseJsonText, IntegersKeepTheirKind) {
  EXPECT_EQ(parse_json_text("-9223372036854775808").value, json::value(INT64_MIN));
  EXPECT_EQ(parse_json_text("18446744073709551615").value, json::value(UINT64_MAX));
  EXPECT_EQ(parse_json_text("18446744073709551616").value, json::value(18446744073709551616.0));
  EXPECT_EQ(parse_json_text("0.1").value, json::value(0.1));
  EXPECT_EQ(parse_json_text("5e-324").value, json::value(5e-324));
  EXPECT_EQ(parse_json_text("-0.0").value, json::value(-0.0));
}

TEST(ParseJsonText, TakesEveryKindOfValue) {
  const std::string text = R"( {"a":[1,-2.5,true,false,null,"x\n\u0436\ud83d\ude00",{}],"":{"b":[]}} )";
  const ParsedJson parsed = parse_json_text(text);
  ASSERT_FALSE(parsed.error) << parsed.error.message();
  EXPECT_EQ(parsed.value, json::parse(text));
}

TEST(ParseJsonText, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(parse_json_text("{\"a\": NaN}").error, json::error::syntax);
  EXPECT_EQ(parse_json_text("{\"a\": NaN}").offset, 6U);
  EXPECT_EQ(parse_json_text("[1").error, json::error::incomplete);
  EXPECT_EQ(parse_json_text("").error, json::error::incomplete);
  EXPECT_EQ(parse_json_text("1 2").error, json::error::extra_data);
  EXPECT_EQ(parse_json_text("[[[1]]]", 2).error, json::error::too_deep);
  EXPECT_TRUE(parse_json_text("\"\xff\"").error);
  EXPECT_TRUE(parse_json_text("[1,2").value.is_null());
}

}  // namespace
}  // namespace am
