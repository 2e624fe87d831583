#include "image/image_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "image/image_info.h"

namespace am::image {
namespace {

namespace fs = std::filesystem;

class Folders : public testing::Test {
 protected:
  void SetUp() override {
    fs::remove_all(parent);
    fs::create_directories(parent);
  }
  void TearDown() override { fs::remove_all(parent); }

  // An image of ours, told from others by the content of a file.
  static void make_image(const fs::path& dir, const std::string& mark) {
    const fs::path manifest = dir / kManifestPath;
    fs::create_directories(manifest.parent_path());
    std::ofstream(manifest) << "{}";
    std::ofstream(dir / "mark") << mark;
  }
  static std::string mark_of(const fs::path& dir) {
    std::string mark;
    std::ifstream(dir / "mark") >> mark;
    return mark;
  }

  fs::path parent = fs::path(testing::TempDir()) / ("folders-" + std::to_string(::getpid()));
  fs::path dir = parent / "image";
};

TEST_F(Folders, WhatSomebodyElseMadeIsLeftAlone) {
  EXPECT_TRUE(image_folder(dir));
  fs::create_directories(dir);
  EXPECT_TRUE(image_folder(dir)) << "empty";
  std::ofstream(dir / "thesis.tex") << "x";
  const auto foreign = image_folder(dir);
  ASSERT_FALSE(foreign);
  EXPECT_THAT(foreign.error().message, testing::HasSubstr("left alone"));
  make_image(dir, "ours");
  EXPECT_TRUE(image_folder(dir));
  std::ofstream(parent / "file") << "x";
  EXPECT_FALSE(image_folder(parent / "file"));
  EXPECT_FALSE(image_folder("/"));
  EXPECT_FALSE(image_folder(""));
}

TEST_F(Folders, APathIsTakenByItsRealName) {
  make_image(dir, "ours");
  fs::create_directory_symlink(dir, parent / "link");
  const auto folder = image_folder((parent / "link/").string());
  ASSERT_TRUE(folder) << folder.error().message;
  EXPECT_EQ(folder->dir, fs::canonical(dir));
}

TEST_F(Folders, OneBuildAtATime) {
  const ImageFolder folder{dir};
  auto first = try_lock(folder);
  ASSERT_TRUE(first && *first);
  const auto second = try_lock(folder);
  ASSERT_TRUE(second);
  EXPECT_FALSE(second->valid());
  first->reset();
  const auto third = wait_for_lock(folder);
  EXPECT_TRUE(third && *third);
}

TEST_F(Folders, TheNewOneTakesThePlaceAndTheFormerGoes) {
  const ImageFolder folder{dir};
  make_image(folder.new_dir(), "first");
  ASSERT_TRUE(put_in_place(folder));
  EXPECT_EQ(mark_of(dir), "first");
  make_image(folder.new_dir(), "second");
  ASSERT_TRUE(put_in_place(folder));
  EXPECT_EQ(mark_of(dir), "second");
  EXPECT_FALSE(fs::exists(folder.new_dir()));
  EXPECT_FALSE(fs::exists(folder.old_dir()));
}

TEST_F(Folders, AFormerOneStaysWhileSomebodyHoldsIt) {
  const ImageFolder folder{dir};
  make_image(dir, "first");
  auto held = hold_image(dir);
  ASSERT_TRUE(held) << held.error().message;
  make_image(folder.new_dir(), "second");
  ASSERT_TRUE(put_in_place(folder));
  EXPECT_EQ(mark_of(dir), "second");
  EXPECT_EQ(mark_of(folder.old_dir()), "first");
  ASSERT_TRUE(remove_leftovers(folder));
  EXPECT_EQ(mark_of(folder.old_dir()), "first");
  held->reset();
  ASSERT_TRUE(remove_leftovers(folder));
  EXPECT_FALSE(fs::exists(folder.old_dir()));
}

TEST_F(Folders, LeftoversOfOtherFoldersStay) {
  const ImageFolder folder{dir};
  for (const char* name : {"image.new-1", "image.new-22", "image2.new-1", "image.newer", "image"}) {
    make_image(parent / name, name);
  }
  ASSERT_TRUE(remove_leftovers(folder));
  std::vector<std::string> left;
  for (const auto& entry : fs::directory_iterator(parent)) left.push_back(entry.path().filename());
  EXPECT_THAT(left, testing::UnorderedElementsAre("image2.new-1", "image.newer", "image"));
}

TEST(Mounts, AreFoundAtAndBelowAFolder) {
  constexpr std::string_view kInfo =
      "22 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n"
      "30 22 0:5 / /srv/image/dev rw shared:2 - devtmpfs udev rw\n"
      "31 22 0:6 / /srv/with\\040space rw - tmpfs tmpfs rw\n";
  EXPECT_EQ(mount_below(kInfo, "/srv/image"), "/srv/image/dev");
  EXPECT_EQ(mount_below(kInfo, "/srv/image/dev"), "/srv/image/dev");
  EXPECT_EQ(mount_below(kInfo, "/srv/with space"), "/srv/with space");
  EXPECT_EQ(mount_below(kInfo, "/srv/im"), "");
  EXPECT_EQ(mount_below(kInfo, "/home"), "");
  EXPECT_EQ(mount_below("", "/home"), "");
}

}  // namespace
}  // namespace am::image
