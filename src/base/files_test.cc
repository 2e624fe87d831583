#include "base/files.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/random.h"

namespace am {
namespace {

class Files : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(make_folders(root + "/inside/deep"));
    ASSERT_TRUE(write_file_atomically(root + "/secret", "s"));
    std::filesystem::create_symlink(root + "/secret", root + "/inside/absolute");
    std::filesystem::create_symlink("../secret", root + "/inside/relative");
    auto opened = open_folder(root + "/inside");
    ASSERT_TRUE(opened);
    inside = std::move(*opened);
  }
  void TearDown() override { std::filesystem::remove_all(root); }

  std::string root = std::filesystem::temp_directory_path() / ("am-files-" + random_uuid());
  UniqueFd inside;
};

TEST_F(Files, ReadsBackWhatWasWrittenAndNamesWhatIsMissing) {
  ASSERT_TRUE(write_file_atomically(root + "/a", "one"));
  ASSERT_TRUE(write_file_atomically(root + "/a", "two"));
  EXPECT_EQ(read_file(root + "/a").value(), "two");
  EXPECT_EQ(read_file(root + "/a", 2).error().code, ErrorCode::too_large);
  const auto missing = read_file(root + "/none");
  EXPECT_EQ(missing.error().code, ErrorCode::not_found);
  EXPECT_THAT(missing.error().message, testing::HasSubstr("/none"));
}

TEST_F(Files, OpensFilesAndFoldersBeneath) {
  EXPECT_TRUE(open_beneath(inside.get(), "deep", O_RDONLY | O_DIRECTORY));
  EXPECT_TRUE(open_beneath(inside.get(), "deep", O_PATH | O_DIRECTORY));
  EXPECT_TRUE(open_beneath(inside.get(), "deep/new", O_WRONLY | O_CREAT));
  EXPECT_EQ(open_beneath(inside.get(), "deep/none", O_RDONLY).error().code, ErrorCode::not_found);
}

TEST_F(Files, NeverLeavesTheFolder) {
  for (const char* path : {"../secret", "deep/../../secret", "absolute", "relative", "/etc/passwd"}) {
    EXPECT_FALSE(open_beneath(inside.get(), path, O_RDONLY)) << path;
  }
}

TEST(RelativePath, NamesTheFieldAndWhatIsWrong) {
  EXPECT_TRUE(check_relative_path("path", "a/b c/ж.py"));
  for (const char* bad : {"", "/a", "a/", "a//b", ".", "..", "a/../b", "./a", "a\\b", "a\nb"}) {
    const auto checked = check_relative_path("path", bad);
    ASSERT_FALSE(checked) << bad;
    EXPECT_THAT(checked.error().message, testing::StartsWith("path"));
  }
  EXPECT_FALSE(check_relative_path("path", std::string("a\0b", 3)));
  EXPECT_FALSE(check_relative_path("path", std::string(300, 'x')));
}

}  // namespace
}  // namespace am
