#include "manager/params.h"

#include <gmock/gmock.h>

namespace am::manager {
namespace {

using testing::AllOf;
using testing::HasSubstr;

json::object object(std::string_view text) { return parse_json_object("params", text).value(); }

Result<RunParams> merge(std::string_view general, std::string_view run) {
  return merge_run_params(object(general), object(run), TaskLimits{.timeout_sec = 300, .memory_mb = 100});
}

TaskLimits limits(std::string_view run) { return merge("{}", run).value().limits; }
std::string refusal(std::string_view run) {
  const auto merged = merge("{}", run);
  EXPECT_FALSE(merged.has_value()) << run;
  if (merged) return "";
  EXPECT_EQ(merged.error().code, ErrorCode::invalid_argument);
  return merged.error().message;
}

TEST(MergeRunParams, RunWinsNameByName) {
  const auto merged = merge(R"({"a": 1, "b": {"x": 1, "y": 2}})", R"({"b": {"x": 5}, "c": null})");
  EXPECT_EQ(merged.value().merged, object(R"({"a": 1, "b": {"x": 5}, "c": null})"));
}

TEST(MergeRunParams, DefaultsStayWithoutLimits) {
  EXPECT_EQ(limits("{}"), (TaskLimits{.timeout_sec = 300, .memory_mb = 100}));
}

TEST(MergeRunParams, TakesLimits) {
  EXPECT_EQ(limits(R"({"timeout": 1.5, "memoryLimit": 400})"),
            (TaskLimits{.timeout_sec = 1.5, .memory_mb = 400}));
  EXPECT_EQ(limits(R"({"timeout": -0.5})").timeout_sec, -1);
  EXPECT_EQ(limits(R"({"timeout": -1})").timeout_sec, -1);
  EXPECT_EQ(limits(R"({"timeout": 18446744073709551615})").timeout_sec, kLongestTimeoutSec);
  EXPECT_EQ(limits(R"({"timeout": 1e300})").timeout_sec, kLongestTimeoutSec);
  EXPECT_EQ(limits(R"({"memoryLimit": 1})").memory_mb, 1U);
  EXPECT_EQ(limits(R"({"memoryLimit": 1.9})").memory_mb, 1U);
  EXPECT_EQ(limits(R"({"memoryLimit": 1e300})").memory_mb, kLargestMemoryMb);
}

TEST(MergeRunParams, RefusesTimeout) {
  for (const auto* value : {"0", "-0.0", "0.0", "\"5\"", "true", "false", "null", "[1]", "{}", "\"NaN\""}) {
    EXPECT_THAT(refusal(fmt::format(R"({{"timeout": {}}})", value)),
                HasSubstr("timeout: must be a number of seconds"));
  }
  EXPECT_EQ(refusal(R"({"timeout": 0})"),
            "timeout: must be a number of seconds above 0, or below 0 for no limit, not 0");
  EXPECT_THAT(refusal(R"({"timeout": "5"})"), HasSubstr("not the text \"5\""));
}

TEST(MergeRunParams, RefusesMemoryLimit) {
  for (const auto* value : {"0", "0.99", "-1", "-1e300", "\"400\"", "true", "null", "[]", "{}"}) {
    EXPECT_THAT(refusal(fmt::format(R"({{"memoryLimit": {}}})", value)),
                HasSubstr("memoryLimit: must be a number of megabytes, at least 1"));
  }
}

TEST(MergeRunParams, SaysThatAValueIsFromTheGeneralParameters) {
  const auto merged = merge(R"({"timeout": "soon"})", R"({"memoryLimit": 5})");
  ASSERT_FALSE(merged.has_value());
  EXPECT_THAT(merged.error().message,
              AllOf(HasSubstr("timeout"), HasSubstr("\"soon\""), HasSubstr("(from the general parameters)")));
  EXPECT_EQ(merge(R"({"timeout": "soon"})", R"({"timeout": 5})").value().limits.timeout_sec, 5);
  EXPECT_THAT(refusal(R"({"timeout": 0})"), testing::Not(HasSubstr("general")));
}

TEST(ParseParams, NanIsRefusedWithItsSurroundings) {
  const auto parsed = parse_json_object("params", R"({"timeout": NaN})");
  ASSERT_FALSE(parsed.has_value());
  EXPECT_THAT(parsed.error().message, AllOf(HasSubstr("params"), HasSubstr("line 1, column 13"),
                                            HasSubstr("timeout"), HasSubstr("NaN")));
  for (const auto* text : {R"({"timeout": Infinity})", R"({"timeout": -Infinity})", R"({"timeout": nan})"}) {
    EXPECT_FALSE(parse_json_object("params", text).has_value()) << text;
  }
}

TEST(ParseParams, OverflowingNumberIsNoLimit) {
  const auto parsed = parse_json_object("params", R"({"timeout": 1e999})");
  if (parsed) {
    EXPECT_FALSE(merge_run_params(json::object(), *parsed, TaskLimits{}).has_value());
  }
}

TEST(DefaultLimits, UnsetLeavesTheBuiltInValues) {
  EXPECT_EQ(default_limits({}, {}).value(), (TaskLimits{.timeout_sec = 300, .memory_mb = 100}));
  EXPECT_EQ(default_limits("", "").value(), (TaskLimits{.timeout_sec = 300, .memory_mb = 100}));
}

TEST(DefaultLimits, TakesNumbers) {
  EXPECT_EQ(default_limits("60.5", "256").value(), (TaskLimits{.timeout_sec = 60.5, .memory_mb = 256}));
  EXPECT_EQ(default_limits("-5", "1").value(), (TaskLimits{.timeout_sec = -1, .memory_mb = 1}));
}

TEST(DefaultLimits, RefusesAnythingElseByName) {
  for (const auto* text : {"0", "soon", "5s", " 5", "nan", "inf", "0x10", "1e999"}) {
    const auto read = default_limits(text, {});
    ASSERT_FALSE(read.has_value()) << text;
    EXPECT_THAT(read.error().message,
                AllOf(HasSubstr("DEFAULT_TASK_TIMEOUT_SEC"), HasSubstr(fmt::format("\"{}\"", text))));
  }
  for (const auto* text : {"0", "0.5", "-1", "100MB", "nan"}) {
    const auto read = default_limits({}, text);
    ASSERT_FALSE(read.has_value()) << text;
    EXPECT_THAT(read.error().message, HasSubstr("DEFAULT_TASK_MAX_MEMORY_MB"));
  }
}

}  // namespace
}  // namespace am::manager
