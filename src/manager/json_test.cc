#include "manager/json.h"

#include <gmock/gmock.h>

namespace am::manager {
namespace {

using testing::HasSubstr;

std::string parse_error(std::string_view text) {
  const auto parsed = parse_json("body", text);
  EXPECT_FALSE(parsed.has_value()) << text;
  return parsed ? "" : parsed.error().message;
}

TEST(ParseJson, NamesTheLineAndTheColumn) {
  EXPECT_THAT(parse_error("{\n  \"a\": 1,\n  \"b\": tru\n}"), HasSubstr("line 3"));
  EXPECT_THAT(parse_error("{} x"), HasSubstr("extra"));
  EXPECT_THAT(parse_error("{\"a\": 1"), HasSubstr("incomplete"));
  EXPECT_THAT(parse_error(""), HasSubstr("empty"));
  EXPECT_THAT(parse_error("  \n"), HasSubstr("empty"));
}

TEST(ParseJson, ShowsOnlyTheSurroundings) {
  const std::string far = "[\"" + std::string(500, 'x') + "\", nope, \"" + std::string(500, 'y') + "\"]";
  const std::string message = parse_error(far);
  EXPECT_THAT(message, HasSubstr("nope"));
  EXPECT_LT(message.size(), 200U);
}

TEST(ParseJson, NeverCutsACharacter) {
  std::string text = "[";
  for (int i = 0; i < 50; ++i) text += "\"\u0436\",";
  const std::string message = parse_error(text + "oops" + text);
  // Valid UTF-8 is what the parser itself accepts inside a string.
  EXPECT_TRUE(parse_json("message", json::serialize(json::value(message))).has_value());
}

TEST(ParseJson, LimitsTheDepth) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(parse_json("body", nested(kJsonDepthLimit)).has_value());
  EXPECT_THAT(parse_error(nested(kJsonDepthLimit + 1)), HasSubstr("nested deeper than 100"));
  EXPECT_THAT(parse_error(std::string(1'000'000, '[')), HasSubstr("nested deeper"));
}

TEST(ParseJsonObject, RefusesOtherValues) {
  EXPECT_EQ(parse_json_object("body", "5").error().message, "body: must be a JSON object, not 5");
  EXPECT_EQ(parse_json_object("body", "[]").error().message, "body: must be a JSON object, not a list []");
  EXPECT_EQ(parse_json_object("body", "\"a\\nb\"").error().message,
            R"(body: must be a JSON object, not the text "a\nb")");
}

TEST(Fields, SayWhichOneIsWrong) {
  const json::object body = parse_json_object("body", R"({"name": 5, "note": null, "params": []})").value();
  EXPECT_EQ(required_text(body, "name").error().message, "name: must be text, not 5");
  EXPECT_EQ(required_text(body, "title").error().message, "title: missing");
  EXPECT_EQ(required_text(body, "note").error().message, "note: missing");
  EXPECT_EQ(optional_text(body, "note").value(), std::nullopt);
  EXPECT_EQ(optional_object(body, "params").error().message, "params: must be a JSON object, not a list []");
  EXPECT_TRUE(optional_object(body, "other").value().empty());
}

TEST(DescribeJson, WritesNumbersAsPeopleDo) {
  EXPECT_EQ(describe_json(0.5), "0.5");
  EXPECT_EQ(describe_json(0.0), "0.0");
  EXPECT_EQ(describe_json(1e300), "1e+300");
}

TEST(DescribeJson, ShortensLongTexts) {
  const std::string described = describe_json(json::value(std::string(59, 'x') + "\u0436\u0436"));
  EXPECT_THAT(described, HasSubstr(std::string(59, 'x') + "\"..."));
}

}  // namespace
}  // namespace am::manager
