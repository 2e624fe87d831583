#include "up/log_file.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "base/files.h"
#include "base/random.h"

namespace am::up {
namespace {

namespace fs = std::filesystem;

class LogFileTest : public testing::Test {
 protected:
  LogFileTest() : file_((fs::temp_directory_path() / ("log-" + random_letters(8))).string()) {}
  ~LogFileTest() override {
    fs::remove(file_);
    fs::remove(file_ + ".1");
  }

  std::string file_;
};

TEST_F(LogFileTest, QuotesOnlyWhatIsNew) {
  ASSERT_TRUE(write_file_atomically(file_, "old\n"));
  const auto log = open_log(file_);
  ASSERT_TRUE(log);
  EXPECT_EQ(tail_of_log(file_, log->size), "");
  ASSERT_TRUE(write_all(log->fd.get(), "one\ntwo\n"));
  EXPECT_EQ(tail_of_log(file_, log->size), ":\n  one\n  two");
}

TEST_F(LogFileTest, QuotesTheLastLinesOfMany) {
  const auto log = open_log(file_);
  ASSERT_TRUE(log);
  std::string text;
  for (int i = 0; i < 10'000; ++i) text += std::to_string(i) + "\n";
  ASSERT_TRUE(write_all(log->fd.get(), text));
  const std::string tail = tail_of_log(file_, 0);
  EXPECT_TRUE(tail.starts_with(":\n  9980\n")) << tail;
  EXPECT_TRUE(tail.ends_with("\n  9999")) << tail;
  EXPECT_EQ(tail_of_log(file_ + ".missing", 0), "");
}

TEST_F(LogFileTest, MovesALargeLogAway) {
  ASSERT_TRUE(write_file_atomically(file_, std::string(kLogLimit + 1, 'x')));
  const auto log = open_log(file_);
  ASSERT_TRUE(log);
  EXPECT_EQ(log->size, 0U);
  EXPECT_TRUE(fs::exists(file_ + ".1"));
}

}  // namespace
}  // namespace am::up
