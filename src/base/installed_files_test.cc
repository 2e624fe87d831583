#include "base/installed_files.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

namespace am {
namespace {

namespace fs = std::filesystem;

class Installed : public testing::Test {
 protected:
  void SetUp() override { fs::create_directories(root); }
  void TearDown() override { fs::remove_all(root); }
  fs::path root = fs::path(testing::TempDir()) / ("installed-" + std::to_string(::getpid()));
};

TEST_F(Installed, ASourceTreeHasWhatIsMadeInBuild) {
  fs::create_directories(root / "python/ompy");
  const auto found = find_installed_files((root / "build/bin/am").string());
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->bin, root / "build/bin");
  EXPECT_EQ(found->python, root / "python");
  EXPECT_EQ(found->venvs, root / "build/venvs");
  EXPECT_EQ(found->image, root / "build/image");
}

TEST_F(Installed, AnInstallationHasAllBelowShare) {
  fs::create_directories(root / "usr/share/application-manager/python/ompy");
  const auto found = find_installed_files((root / "usr/bin/am").string());
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->python, root / "usr/share/application-manager/python");
  EXPECT_EQ(found->venvs, root / "usr/share/application-manager/venvs");
  EXPECT_EQ(found->image, root / "usr/share/application-manager/image");
}

TEST_F(Installed, SaysWhatIsMissing) {
  const auto found = find_installed_files((root / "usr/bin/am").string());
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().message, "the folder python/ompy is missing beside " + (root / "usr").string());
}

}  // namespace
}  // namespace am
