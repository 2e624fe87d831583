#include "manager/application_copy.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "base/files.h"
#include "manager/file_tree.h"
#include "manager/temporary_folder.h"

namespace am::manager {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class ApplicationCopyTest : public testing::Test {
 protected:
  ApplicationCopyTest() {
    fs::create_directories(application_ / "package/inner");
    root_ = open_folder(application_).value();
    put("package/run.py", "run", 0755);
    put("package/inner/data.bin", std::string(200'000, '\xfe'), 0644);
  }
  void put(const std::string& path, std::string_view content, unsigned mode) {
    ASSERT_TRUE(write_file_atomically(application_ / path, content, mode));
  }
  Error refusal(const std::string& from, const std::string& to) {
    const auto copied = copy_in_application(root_.get(), from, to);
    EXPECT_FALSE(copied.has_value()) << from << " to " << to;
    return copied ? Error{} : copied.error();
  }
  std::vector<std::string> tree() {
    std::vector<std::string> paths;
    for (const auto& entry : fs::recursive_directory_iterator(application_)) {
      paths.push_back(fs::relative(entry.path(), application_));
    }
    std::ranges::sort(paths);
    return paths;
  }

  TemporaryFolder folder_;
  fs::path application_ = folder_.path() / "app";
  UniqueFd root_;
};

TEST_F(ApplicationCopyTest, AFileKeepsItsBytesAndItsMode) {
  ASSERT_TRUE(copy_in_application(root_.get(), "package/run.py", "new/folder/copy.py"));
  EXPECT_EQ(read_file(application_ / "new/folder/copy.py").value(), "run");
  EXPECT_NE(fs::status(application_ / "new/folder/copy.py").permissions() & fs::perms::owner_exec,
            fs::perms::none);
  put("package/run.py", "changed", 0755);
  EXPECT_EQ(read_file(application_ / "new/folder/copy.py").value(), "run");
}

TEST_F(ApplicationCopyTest, AFolderIsCopiedWhole) {
  ASSERT_TRUE(copy_in_application(root_.get(), "package", "package copy"));
  EXPECT_THAT(tree(), ElementsAre("package", "package copy", "package copy/inner",
                                  "package copy/inner/data.bin", "package copy/run.py", "package/inner",
                                  "package/inner/data.bin", "package/run.py"));
  EXPECT_EQ(read_file(application_ / "package copy/inner/data.bin").value(), std::string(200'000, '\xfe'));
}

TEST_F(ApplicationCopyTest, NothingIsEverReplacedAndNothingIsLeftBehind) {
  put("taken.py", "mine", 0644);
  const auto before = tree();
  const Error exists = refusal("package/run.py", "taken.py");
  EXPECT_EQ(exists.code, ErrorCode::already_exists);
  EXPECT_THAT(exists.message, HasSubstr("\"taken.py\""));
  EXPECT_EQ(refusal("package", "taken.py").code, ErrorCode::already_exists);
  EXPECT_EQ(refusal("package", "package").code, ErrorCode::already_exists);
  EXPECT_EQ(refusal("taken.py", "taken.py").code, ErrorCode::already_exists);
  EXPECT_EQ(read_file(application_ / "taken.py").value(), "mine");
  EXPECT_EQ(tree(), before);
}

TEST_F(ApplicationCopyTest, RefusesWhatCannotBe) {
  EXPECT_EQ(refusal("missing", "a").code, ErrorCode::not_found);
  EXPECT_EQ(refusal("missing/inner", "a").code, ErrorCode::not_found);
  EXPECT_EQ(refusal("package", "package/inner/again").code, ErrorCode::invalid_argument);
  EXPECT_EQ(refusal("package", "package/run.py/x").code, ErrorCode::invalid_argument);
  EXPECT_EQ(refusal("package/inner", "package/run.py/x").code, ErrorCode::conflict);
  fs::create_symlink("/etc/passwd", application_ / "outside");
  EXPECT_EQ(refusal("outside", "stolen").code, ErrorCode::invalid_argument);
  EXPECT_FALSE(fs::exists(application_ / "stolen"));
}

}  // namespace
}  // namespace am::manager
