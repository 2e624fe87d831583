#include "manager/application_files.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "base/files.h"
#include "manager/temporary_folder.h"

namespace am::manager {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

class ApplicationFilesTest : public testing::Test {
 protected:
  ApplicationFilesTest() {
    fs::create_directory(application_);
    root_ = open_folder(application_).value();
  }
  std::string content(const std::string& path) { return read_file(application_ / path).value(); }
  Result<Written> write(const std::string& path, std::string_view text,
                        const WriteCondition& condition = {}) {
    return files_.write(root_.get(), path, text, condition);
  }
  ErrorCode code_of_write(const std::string& path, const WriteCondition& condition = {}) {
    const auto written = write(path, "new", condition);
    EXPECT_FALSE(written.has_value());
    return written ? ErrorCode::internal : written.error().code;
  }
  std::vector<std::string> tree() {
    std::vector<std::string> paths;
    const auto listed = list_tree(root_.get());
    for (const FileInfo& file : listed.value()) paths.push_back(file.path + (file.folder ? "/" : ""));
    return paths;
  }

  TemporaryFolder folder_;
  fs::path application_ = folder_.path() / "app";
  UniqueFd root_;
  ApplicationFiles files_;
};

TEST_F(ApplicationFilesTest, WritesWithTheFoldersOnTheWay) {
  const auto created = write("a/b/c.txt", std::string_view("\0\xff", 2));
  ASSERT_TRUE(created.has_value());
  EXPECT_TRUE(created->created);
  EXPECT_EQ(content("a/b/c.txt"), std::string("\0\xff", 2));
  const auto replaced = write("a/b/c.txt", "second");
  EXPECT_FALSE(replaced.value().created);
  EXPECT_NE(replaced->info.etag(), created->info.etag());
  EXPECT_EQ(content("a/b/c.txt"), "second");
  EXPECT_THAT(tree(), ElementsAre("a/", "a/b/", "a/b/c.txt"));
}

TEST_F(ApplicationFilesTest, AReplacedFileKeepsItsMode) {
  ASSERT_TRUE(write("main.py", "1"));
  ASSERT_TRUE(files_.set_executable(root_.get(), "main.py", true));
  EXPECT_TRUE(write("main.py", "2").value().info.executable);
  ASSERT_TRUE(files_.set_executable(root_.get(), "main.py", false));
  EXPECT_FALSE(write("main.py", "3").value().info.executable);
}

TEST_F(ApplicationFilesTest, ConditionsGuardAWrite) {
  EXPECT_EQ(code_of_write("f", {.if_match = "*"}), ErrorCode::precondition_failed);
  const std::string first = write("f", "1", {.only_create = true}).value().info.etag();
  EXPECT_EQ(code_of_write("f", {.only_create = true}), ErrorCode::precondition_failed);
  const std::string second = write("f", "2", {.if_match = "\"other\", " + first}).value().info.etag();
  EXPECT_EQ(code_of_write("f", {.if_match = first}), ErrorCode::precondition_failed);
  EXPECT_TRUE(write("f", "3", {.if_match = second}).has_value());
  EXPECT_EQ(content("f"), "3");
  EXPECT_THAT(tree(), ElementsAre("f"));  // no temporary file is left
}

TEST_F(ApplicationFilesTest, OfManyWritersWithOneVersionOneWins) {
  const std::string version = write("f", "0").value().info.etag();
  std::atomic<int> won = 0;
  std::vector<std::jthread> writers;
  for (int i = 0; i < 8; ++i) {
    writers.emplace_back([&] { won += write("f", "new", {.if_match = version}).has_value() ? 1 : 0; });
  }
  writers.clear();
  EXPECT_EQ(won, 1);
}

TEST_F(ApplicationFilesTest, FilesAndFoldersAreNotTakenForEachOther) {
  ASSERT_TRUE(write("folder/file", "x"));
  EXPECT_EQ(code_of_write("folder"), ErrorCode::conflict);
  EXPECT_EQ(code_of_write("folder/file/inner"), ErrorCode::conflict);
  EXPECT_EQ(files_.open(root_.get(), "folder").error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(files_.open(root_.get(), "nothing").error().code, ErrorCode::not_found);
  EXPECT_EQ(files_.open(root_.get(), "folder/file/inner").error().code, ErrorCode::not_found);
}

TEST_F(ApplicationFilesTest, NothingLeavesTheApplication) {
  std::ofstream(folder_.path() / "secret.py") << "secret";
  fs::create_symlink("/etc", application_ / "absolute");
  fs::create_symlink("..", application_ / "above");
  fs::create_symlink("../secret.py", application_ / "link.py");
  const auto expect_refused = [](const auto& result) {
    ASSERT_FALSE(result.has_value());
    EXPECT_NE(result.error().code, ErrorCode::internal) << result.error().message;
  };
  for (const std::string path :
       {"absolute/passwd", "above/secret.py", "link.py", "../secret.py", "/etc/passwd"}) {
    expect_refused(files_.open(root_.get(), path));
  }
  for (const std::string path : {"absolute/am-test", "above/new", "../new"}) {
    expect_refused(write(path, "x"));
    expect_refused(files_.make_folder(root_.get(), path));
    expect_refused(files_.remove(root_.get(), path));
  }
  expect_refused(files_.set_executable(root_.get(), "link.py", true));
  expect_refused(files_.move(root_.get(), "above/secret.py", "taken.py"));
  ASSERT_TRUE(write("mine", "x"));
  expect_refused(files_.move(root_.get(), "mine", "above/mine"));
  EXPECT_THAT(tree(), ElementsAre("mine"));
  EXPECT_EQ(read_file(folder_.path() / "secret.py").value(), "secret");
}

TEST_F(ApplicationFilesTest, AWriteReplacesALinkAndNotItsTarget) {
  ASSERT_TRUE(write("target", "old"));
  fs::create_symlink("target", application_ / "link");
  ASSERT_TRUE(write("link", "new"));
  EXPECT_EQ(content("target"), "old");
  EXPECT_FALSE(fs::is_symlink(application_ / "link"));
}

TEST_F(ApplicationFilesTest, RemovesFoldersButNotWhatLinksLeadTo) {
  ASSERT_TRUE(write("a/b/c/d.txt", "x"));
  ASSERT_TRUE(write("kept/file", "x"));
  fs::create_directory_symlink("../kept", application_ / "a/link");
  ASSERT_TRUE(files_.remove(root_.get(), "a"));
  EXPECT_THAT(tree(), ElementsAre("kept/", "kept/file"));
  EXPECT_EQ(files_.remove(root_.get(), "a").error().code, ErrorCode::not_found);
}

TEST_F(ApplicationFilesTest, Moves) {
  ASSERT_TRUE(write("a/one.py", "1"));
  ASSERT_TRUE(write("two.py", "2"));
  EXPECT_EQ(files_.move(root_.get(), "two.py", "a/one.py").error().code, ErrorCode::already_exists);
  EXPECT_EQ(files_.move(root_.get(), "a", "a/b").error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(files_.move(root_.get(), "none", "b").error().code, ErrorCode::not_found);
  ASSERT_TRUE(files_.move(root_.get(), "a", "x/y"));
  EXPECT_THAT(tree(), ElementsAre("two.py", "x/", "x/y/", "x/y/one.py"));
}

TEST_F(ApplicationFilesTest, OnlyRegularFilesBecomeExecutable) {
  ASSERT_TRUE(files_.make_folder(root_.get(), "folder.py"));
  EXPECT_EQ(files_.make_folder(root_.get(), "folder.py").error().code, ErrorCode::already_exists);
  ASSERT_EQ(::mkfifo((application_ / "pipe.py").c_str(), 0600), 0);
  EXPECT_EQ(files_.set_executable(root_.get(), "folder.py", true).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(files_.set_executable(root_.get(), "pipe.py", true).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(files_.set_executable(root_.get(), "none.py", true).error().code, ErrorCode::not_found);
  EXPECT_EQ(files_.open(root_.get(), "pipe.py").error().code, ErrorCode::invalid_argument);
  EXPECT_THAT(tree(), ElementsAre("folder.py/"));
}

TEST_F(ApplicationFilesTest, TheListingKeepsToNamesThatTheApiCanCarry) {
  std::ofstream(application_ / "\xff.py") << "x";
  std::ofstream(application_ / "a\\b.py") << "x";
  std::ofstream(application_ / ".am-tmp-abc") << "x";
  fs::create_directory(application_ / "folder");
  fs::create_directory_symlink(".", application_ / "loop");
  std::ofstream(application_ / "имя.py") << "x";
  fs::create_symlink("имя.py", application_ / "inside.py");
  EXPECT_THAT(tree(), ElementsAre("folder/", "inside.py", "имя.py"));
}

TEST(CheckPath, RefusesWhatIsNoPathInAnApplication) {
  for (const auto* path : {"a", "a/b.py", "имя.py", "a b", "100%", "...", ".git/config"}) {
    EXPECT_TRUE(check_path("path", path).has_value()) << path;
  }
  for (const auto* path : {"", "/a", "a/", "a//b", ".", "..", "a/../b", "./a", "a\\b", "a\nb", "\xff",
                           ".am-tmp-x", "a/.am-tmp-x"}) {
    EXPECT_EQ(check_path("path", path).error().code, ErrorCode::invalid_argument) << path;
  }
}

}  // namespace
}  // namespace am::manager
