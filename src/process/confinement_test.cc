#include "process/confinement.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "process/spawned_output.h"

namespace am::process {
namespace {

constexpr uid_t kNobody = 65534;

// What a shell prints that is confined like this; needs root.
std::string said(Confinement confinement, const std::string& command) {
  return output_of({.argv = {"/bin/sh", "-c", command}, .confinement = std::move(confinement)});
}

class Confined : public testing::Test {
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  }
};

TEST_F(Confined, AUserHasNoRightsLeftAndGetsNone) {
  Confinement confinement;
  confinement.user = kNobody;
  EXPECT_EQ(said(confinement, "id -u; id -g; id -G; grep -E 'Cap(Eff|Bnd|Amb)|NoNewPrivs' /proc/self/status"),
            "65534\n65534\n65534\nCapEff:\t0000000000000000\nCapBnd:\t0000000000000000\n"
            "CapAmb:\t0000000000000000\nNoNewPrivs:\t1\n");
}

TEST_F(Confined, NewNamespacesAreItsOwn) {
  Confinement confinement;
  confinement.new_flags = kContainerNamespaces;
  EXPECT_EQ(said(confinement, "echo $$"), "1\n");
}

TEST_F(Confined, ApartItMovesFilesAndSeesItsOwnChildrenOnly) {
  if (!can_be_apart()) GTEST_SKIP() << "this kernel has no Landlock";
  Confinement one;
  one.user = kNobody;
  SpawnSpec sleeping;
  sleeping.argv = {"/bin/sleep", "60"};
  sleeping.confinement = one;
  auto other = spawn(sleeping);
  ASSERT_TRUE(other) << other.error().message;
  one.apart = true;
  const std::string look =
      "cat /proc/" + std::to_string(other->pid()) + "/environ >/dev/null 2>&1 && echo seen; ";
  const std::string move =
      "cd /tmp && d=$(mktemp -d) && mkdir $d/a $d/b && touch $d/a/f && mv $d/a/f $d/b/f && ls $d/b; rm -r "
      "$d; ";
  const std::string own = "sleep 60 & cat /proc/$!/environ >/dev/null && echo own; kill $!";
  EXPECT_EQ(said(one, look + move + own), "f\nown\n");
}

}  // namespace
}  // namespace am::process
