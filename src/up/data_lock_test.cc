#include "up/data_lock.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>

#include "base/random.h"

namespace am::up {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class DataLockTest : public testing::Test {
 protected:
  DataLockTest() : folder_((fs::temp_directory_path() / ("lock-" + random_letters(8))).string()) {
    fs::create_directories(folder_);
  }
  ~DataLockTest() override { fs::remove_all(folder_); }

  std::string folder_;
};

TEST_F(DataLockTest, TellsTheSecondWhoHoldsIt) {
  auto first = DataLock::take(folder_);
  ASSERT_TRUE(first) << first.error().message;
  ASSERT_TRUE(first->describe("http://127.0.0.1:4711"));
  const auto second = DataLock::take(folder_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::conflict);
  EXPECT_THAT(second.error().message, HasSubstr(std::to_string(::getpid())));
  EXPECT_THAT(second.error().message, HasSubstr("http://127.0.0.1:4711"));
}

TEST_F(DataLockTest, IsFreeOnceItsOwnerHasGone) {
  {
    ASSERT_TRUE(DataLock::take(folder_));
  }
  EXPECT_TRUE(DataLock::take(folder_));
}

TEST_F(DataLockTest, NamesAFolderThatItCannotUse) {
  const auto refused = DataLock::take(folder_ + "/missing");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("missing"));
}

}  // namespace
}  // namespace am::up
