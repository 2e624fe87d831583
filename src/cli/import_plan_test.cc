#include "cli/import_plan.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "base/random.h"

namespace am::cli {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class ImportPlanTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("import-" + random_letters(8)) / "App";
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_.parent_path()); }

  void put(const std::string& path, const std::string& content, bool executable = false) {
    fs::create_directories((folder_ / path).parent_path());
    std::ofstream(folder_ / path) << content;
    if (executable) fs::permissions(folder_ / path, fs::perms::owner_exec, fs::perm_options::add);
  }

  fs::path folder_;
};

TEST_F(ImportPlanTest, TakesFilesAndMarksScripts) {
  put("main.py", "1", true);
  put("tool.py3", "1", true);
  put("module.py", "1");
  put("run.sh", "1", true);
  put("package/deep/data.bin", "1");
  put("__pycache__/main.pyc", "1");
  put("package/__pycache__/x.pyc", "1");
  put(".git/config", "1");
  put(".env", "1");
  const auto plan = plan_import(folder_.string());
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_THAT(plan->files,
              ElementsAre(ImportFile{".env", false}, ImportFile{"main.py", true},
                          ImportFile{"module.py", false}, ImportFile{"package/deep/data.bin", false},
                          ImportFile{"run.sh", false}, ImportFile{"tool.py3", true}));
  EXPECT_TRUE(plan->skipped.empty());
}

TEST_F(ImportPlanTest, FollowsNoLinkOutside) {
  put("real/main.py", "content", true);
  std::ofstream(folder_.parent_path() / "secret") << "secret";
  fs::create_symlink("../secret", folder_ / "a_outside");
  fs::create_symlink("/etc/passwd", folder_ / "b_absolute");
  fs::create_symlink("real", folder_ / "c_folder");
  fs::create_symlink("real/main.py", folder_ / "d_inside.py");
  fs::create_symlink("nothing", folder_ / "e_broken");
  ASSERT_EQ(::mkfifo((folder_ / "f_fifo").c_str(), 0600), 0);
  const auto plan = plan_import(folder_.string());
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_THAT(plan->files, ElementsAre(ImportFile{"d_inside.py", true}, ImportFile{"real/main.py", true}));
  EXPECT_THAT(plan->skipped, testing::UnorderedElementsAre(HasSubstr("a_outside"), HasSubstr("b_absolute"),
                                                           HasSubstr("c_folder"), HasSubstr("e_broken"),
                                                           HasSubstr("f_fifo: not a regular file")));
  EXPECT_EQ(read_import_file(folder_.string(), "d_inside.py"), "content");
  EXPECT_FALSE(read_import_file(folder_.string(), "a_outside"));
}

TEST_F(ImportPlanTest, RefusesWhatItCannotRead) {
  const auto missing = plan_import((folder_ / "missing").string());
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("missing"));
  put("plain", "1");
  EXPECT_FALSE(plan_import((folder_ / "plain").string()));
  put("bad\\name", "1");
  const auto bad = plan_import(folder_.string());
  ASSERT_FALSE(bad);
  EXPECT_THAT(bad.error().message, HasSubstr("bad\\name"));
}

}  // namespace
}  // namespace am::cli
