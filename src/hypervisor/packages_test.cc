#include "hypervisor/packages.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <chrono>
#include <fstream>

namespace am::hypervisor {
namespace {

namespace fs = std::filesystem;

class PackagesTest : public testing::Test {
 protected:
  PackagesTest() {
    char name[] = "/tmp/am-packages-XXXXXX";
    venv_ = ::mkdtemp(name);
  }
  ~PackagesTest() override { fs::remove_all(venv_); }
  // A moment ago, so that a change now has another time for certain.
  void set_back(const fs::path& folder) {
    fs::last_write_time(folder, fs::file_time_type::clock::now() - std::chrono::hours(1));
  }
  fs::path venv_;
};

TEST_F(PackagesTest, AnEnvironmentWithoutAnyGetsTheFirst) {
  const Packages before(venv_);
  EXPECT_FALSE(before.changed());
  fs::create_directories(venv_ / "lib/python3.13/site-packages");
  EXPECT_TRUE(before.changed());
  EXPECT_FALSE(Packages(venv_).changed());
}

TEST_F(PackagesTest, OneMoreAndOneLess) {
  const fs::path packages = venv_ / "lib/python3.13/site-packages";
  fs::create_directories(packages / "one");
  set_back(packages);
  const Packages before(venv_);
  EXPECT_FALSE(before.changed());
  fs::create_directories(packages / "two");
  EXPECT_TRUE(before.changed());
  set_back(packages);
  const Packages between(venv_);
  fs::remove(packages / "one");
  EXPECT_TRUE(between.changed());
}

}  // namespace
}  // namespace am::hypervisor
