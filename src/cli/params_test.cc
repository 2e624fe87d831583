#include "cli/params.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "base/files.h"
#include "base/random.h"

namespace am::cli {
namespace {

using testing::HasSubstr;

std::string error_of(const std::string& argument) {
  const auto result = read_params("--params", argument);
  EXPECT_FALSE(result) << argument;
  return result ? std::string() : result.error().message;
}

TEST(Params, TakesAnObject) {
  const auto params = read_params("--params", R"({"x": 1, "deep": {"y": [true, null]}})");
  ASSERT_TRUE(params) << params.error().message;
  EXPECT_EQ(params->at("x"), 1);
  EXPECT_TRUE(read_params("--params", " {} "));
}

TEST(Params, NamesThePlaceOfAMistake) {
  EXPECT_THAT(error_of(R"({"x": })"), HasSubstr("--params: not JSON at line 1, column 7"));
  EXPECT_THAT(error_of("{\n  \"x\": 1,\n  oops\n}"), HasSubstr("line 3, column 3"));
  EXPECT_THAT(error_of(R"({"x": 1} tail)"), HasSubstr("column 10"));
  EXPECT_THAT(error_of(R"({"x": 1)"), HasSubstr("not JSON at line 1, column 8"));
  EXPECT_THAT(error_of(""), HasSubstr("not JSON"));
  EXPECT_THAT(error_of(R"({"timeout": NaN})"), HasSubstr("not JSON"));
}

TEST(Params, RefusesWhatIsNoObject) {
  EXPECT_THAT(error_of("[1]"), HasSubstr("must be a JSON object such as {\"x\": 1}, not an array"));
  EXPECT_THAT(error_of("5"), HasSubstr("not a number"));
  EXPECT_THAT(error_of("\"text\""), HasSubstr("not a string"));
  EXPECT_THAT(error_of("null"), HasSubstr("not null"));
}

TEST(Params, ReadsAFile) {
  const std::string file =
      (std::filesystem::temp_directory_path() / ("params-" + random_letters(8))).string();
  ASSERT_TRUE(write_file_atomically(file, "{\"x\": 1}\n"));
  const auto params = read_params("--params", "@" + file);
  std::filesystem::remove(file);
  ASSERT_TRUE(params) << params.error().message;
  EXPECT_EQ(params->at("x"), 1);
  EXPECT_THAT(error_of("@" + file), HasSubstr(file));
  EXPECT_THAT(error_of("@"), HasSubstr("needs a file name"));
}

}  // namespace
}  // namespace am::cli
