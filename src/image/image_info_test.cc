#include "image/image_info.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/files.h"
#include "image/image_root.h"

namespace am::image {
namespace {

namespace fs = std::filesystem;

class Images : public testing::Test {
 protected:
  void SetUp() override {
    fs::remove_all(root);
    fs::create_directories(root);
  }
  void TearDown() override { fs::remove_all(root); }

  void write(const std::string& path, const std::string& content, mode_t mode = 0644) const {
    fs::create_directories((root / path).parent_path());
    std::ofstream(root / path) << content;
    ::chmod((root / path).c_str(), mode);
  }
  void link(const std::string& path, const std::string& target) const {
    fs::create_directories((root / path).parent_path());
    fs::create_symlink(target, root / path);
  }

  fs::path root = fs::path(testing::TempDir()) / ("image-" + std::to_string(::getpid()));
};

TEST_F(Images, LinksAreFollowedInsideOnly) {
  // The targets exist on this machine, too; what counts is the image's.
  write("usr/lib/os-release", "PRETTY_NAME=\"Small Linux 1\"\n");
  link("etc/os-release", "/usr/lib/os-release");
  link("etc/passwd", "../../../../../../../../etc/os-release");
  const auto fd = open_folder(root);
  ASSERT_TRUE(fd);
  EXPECT_EQ(read_in_root(fd->get(), "/etc/os-release"), "PRETTY_NAME=\"Small Linux 1\"\n");
  EXPECT_EQ(read_in_root(fd->get(), "/etc/passwd"), "PRETTY_NAME=\"Small Linux 1\"\n");
  const auto absent = read_in_root(fd->get(), "/bin/sh");
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().code, ErrorCode::not_found);
}

TEST_F(Images, AFifoIsNotWaitedFor) {
  fs::create_directories(root / "etc");
  ASSERT_EQ(::mkfifo((root / "etc/os-release").c_str(), 0644), 0);
  const auto image = inspect_image(root);
  ASSERT_TRUE(image) << image.error().message;
  EXPECT_EQ(image->os, "");
}

TEST_F(Images, AForeignOneIsDescribedByALookIntoIt) {
  write("etc/os-release", "NAME=Small\nPRETTY_NAME='Small Linux 1'\n");
  write("usr/bin/python3.12", "", 0755);
  link("usr/bin/python3", "/etc/alternatives/python3");
  link("etc/alternatives/python3", "../../usr/bin/python3.12");
  const auto image = describe_image(root);
  ASSERT_TRUE(image) << image.error().message;
  EXPECT_EQ(image->os, "Small Linux 1");
  EXPECT_EQ(image->python_path, "/usr/bin/python3");
  EXPECT_EQ(image->python_version, "3.12");
  EXPECT_FALSE(image->is_ours);
}

TEST_F(Images, LocalPythonComesFirstAndItsHeaderTellsTheVersion) {
  write("usr/bin/python3", "", 0755);
  write("usr/local/bin/python3.14", "", 0755);
  link("usr/local/bin/python3", "python3.14");
  write("usr/local/include/python3.14/patchlevel.h", "/* x */\n#define PY_VERSION   \t\"3.14.2\"\n");
  const auto image = describe_image(root);
  ASSERT_TRUE(image) << image.error().message;
  EXPECT_EQ(image->python_path, "/usr/local/bin/python3");
  EXPECT_EQ(image->python_version, "3.14.2");
}

TEST_F(Images, WithoutAProgramThereIsNoPython) {
  write("usr/bin/python3", "not executable", 0644);
  link("usr/local/bin/python3", "/nowhere");
  const auto seen = inspect_image(root);
  ASSERT_TRUE(seen) << seen.error().message;
  EXPECT_EQ(seen->python_path, "");
  const auto usable = describe_image(root);
  ASSERT_FALSE(usable);
  EXPECT_THAT(usable.error().message, testing::HasSubstr("has no python3"));
}

TEST_F(Images, APythonTooOldIsRefused) {
  write("usr/bin/python3.7", "", 0755);
  link("usr/bin/python3", "python3.7");
  const auto image = describe_image(root);
  ASSERT_FALSE(image);
  EXPECT_THAT(image.error().message, testing::HasSubstr("has Python 3.7; tasks need 3.8 or newer"));
}

TEST_F(Images, OursTellsItself) {
  write("usr/bin/python3.13", "", 0755);
  link("usr/bin/python3", "python3.13");
  const Manifest manifest{.suite = "trixie", .python_version = "3.13.5", .note = "a note"};
  write(std::string(kManifestPath), boost::json::serialize(to_json(manifest)));
  const auto image = describe_image(root);
  ASSERT_TRUE(image) << image.error().message;
  EXPECT_TRUE(image->is_ours);
  EXPECT_EQ(image->python_version, "3.13.5");
  EXPECT_EQ(image->note, "a note");
  EXPECT_EQ(image->manifest, manifest);
  write(std::string(kManifestPath), "{}");
  const auto broken = describe_image(root);
  ASSERT_FALSE(broken);
  EXPECT_THAT(broken.error().message, testing::HasSubstr("\"format\" is missing"));
}

TEST_F(Images, SaysWhatIsNotThere) {
  const auto absent = describe_image(root / "absent");
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().code, ErrorCode::not_found);
  write("file", "");
  const auto file = describe_image(root / "file");
  ASSERT_FALSE(file);
  EXPECT_THAT(file.error().message, testing::HasSubstr("is no folder"));
}

TEST(VersionOfName, OnlyPythonsNames) {
  EXPECT_EQ(version_of_name("python3.13"), "3.13");
  for (const char* name : {"python3", "python3.", "python3.13t", "python2.7", "bash", ""}) {
    EXPECT_EQ(version_of_name(name), "") << name;
  }
}

}  // namespace
}  // namespace am::image
