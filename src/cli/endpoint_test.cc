#include "cli/endpoint.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>

#include "base/files.h"
#include "base/random.h"

namespace am::cli {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class EndpointTest : public testing::Test {
 protected:
  EndpointTest() : folder_((fs::temp_directory_path() / ("endpoint-" + random_letters(8))).string()) {
    fs::create_directories(folder_ + "/manager");
    for (const char* name : {"AM_URL", "AM_TOKEN", "AM_DATA"}) ::unsetenv(name);
  }
  ~EndpointTest() override {
    fs::remove_all(folder_);
    for (const char* name : {"AM_URL", "AM_TOKEN", "AM_DATA"}) ::unsetenv(name);
  }
  void write(const std::string& text) {
    ASSERT_TRUE(write_file_atomically(folder_ + "/manager/endpoint.json", text));
  }

  std::string folder_;
};

TEST_F(EndpointTest, FindsTheLocalManager) {
  write(R"({"url":"http://127.0.0.1:4711","token":"t","ipcPort":1})");
  const auto given = find_endpoint(folder_);
  ASSERT_TRUE(given) << given.error().message;
  EXPECT_EQ(given->url.port, 4711);
  EXPECT_EQ(given->token, "t");
  ::setenv("AM_DATA", folder_.c_str(), 1);
  EXPECT_TRUE(find_endpoint(""));
}

TEST_F(EndpointTest, PrefersTheEnvironmentButNotToTheOption) {
  write(R"({"url":"http://127.0.0.1:4711","token":"t"})");
  ::setenv("AM_DATA", folder_.c_str(), 1);
  ::setenv("AM_URL", "http://10.0.0.1:80", 1);
  const auto half = find_endpoint("");
  ASSERT_FALSE(half);
  EXPECT_THAT(half.error().message, HasSubstr("AM_TOKEN"));
  ::setenv("AM_TOKEN", "other", 1);
  EXPECT_EQ(find_endpoint("")->url.host, "10.0.0.1");
  EXPECT_EQ(find_endpoint(folder_)->url.host, "127.0.0.1");
  ::setenv("AM_URL", "nonsense", 1);
  const auto wrong = find_endpoint("");
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().message, HasSubstr("AM_URL"));
}

TEST_F(EndpointTest, SaysWhatIsMissing) {
  const auto missing = find_endpoint(folder_);
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr(folder_));
  EXPECT_THAT(missing.error().message, HasSubstr("am up"));
  write("{}");
  const auto empty = find_endpoint(folder_);
  ASSERT_FALSE(empty);
  EXPECT_THAT(empty.error().message, HasSubstr("endpoint.json"));
}

}  // namespace
}  // namespace am::cli
