#include "process/cgroup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process/cgroup_mounts.h"
#include "process/process_tree.h"
#include "process/spawn.h"

namespace am::process {
namespace {

TEST(CgroupMounts, FindsHybridAndPureHierarchies) {
  const auto hybrid = parse_mounts(
      "30 25 0:26 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n"
      "31 30 0:27 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n"
      "32 30 0:28 / /sys/fs/cgroup/pids rw,relatime shared:9 - cgroup cgroup rw,pids\n"
      "33 30 0:29 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n");
  EXPECT_EQ(hybrid.memory_v1, "/sys/fs/cgroup/memory");
  EXPECT_EQ(hybrid.pids_v1, "/sys/fs/cgroup/pids");
  EXPECT_EQ(hybrid.unified, "/sys/fs/cgroup/unified");
  const auto pure = parse_mounts("30 25 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n");
  EXPECT_EQ(pure.unified, "/sys/fs/cgroup");
  EXPECT_EQ(pure.memory_v1, "");
}

TEST(CgroupMounts, FindsOwnPath) {
  const std::string text = "9:name=systemd:/s\n4:memory:/a/b\n3:cpu,cpuacct:/c\n0::/user.slice\n";
  EXPECT_EQ(own_path(text, "memory"), "/a/b");
  EXPECT_EQ(own_path(text, "cpuacct"), "/c");
  EXPECT_EQ(own_path(text, ""), "/user.slice");
  EXPECT_EQ(own_path(text, "pids"), "/");
}

class Cgroups : public testing::Test {
 protected:
  void SetUp() override {
    support = prepare_cgroups("am-test-" + std::to_string(::getpid()));
    if (support.folders.memory.empty()) GTEST_SKIP() << support.description;
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  }
  void TearDown() override {
    while (::waitpid(-1, nullptr, 0) > 0) {  // killed children leave their group only once reaped
    }
    remove_cgroups(support.folders);
    for (const std::string& folder :
         {support.folders.memory, support.folders.pids, support.folders.unified}) {
      EXPECT_NE(::access(folder.c_str(), F_OK), 0) << folder << " is left behind";
    }
  }
  CgroupSupport support;
};

Result<Child> spawn_in(const TaskCgroup& group, const std::string& script) {
  SpawnSpec spec{.argv = {"/bin/sh", "-c", script}};
  spec.cgroup_procs = group.procs();
  return spawn(spec);
}

TEST_F(Cgroups, ReportsAnOutOfMemoryKill) {
  auto group = TaskCgroup::create(support.folders, "bomb", 20 << 20, 64);
  ASSERT_TRUE(group) << group.error().message;
  EXPECT_FALSE(group->memory_limit_hit());
  auto child = spawn_in(*group, "head -c 200000000 /dev/zero | tail -c 200000000 >/dev/null");
  ASSERT_TRUE(child) << child.error().message;
  pollfd event{group->memory_event(), POLLIN | POLLPRI, 0};
  ASSERT_EQ(::poll(&event, 1, 20000), 1);
  EXPECT_TRUE(group->memory_limit_hit());
  child->signal(SIGKILL);
  child->reap();
  EXPECT_GT(group->memory_peak_bytes(), 19U << 20);
  group->kill();
}

TEST_F(Cgroups, ReportsARefusedForkAndKillsTheGroup) {
  auto group = TaskCgroup::create(support.folders, "forks", 50 << 20, 4);
  ASSERT_TRUE(group) << group.error().message;
  if (!group->limits_processes()) GTEST_SKIP() << "no pids controller";
  auto child = spawn_in(*group, "for i in 1 2 3 4 5 6 7 8; do sleep 100 & done");
  ASSERT_TRUE(child) << child.error().message;
  if (group->processes_event() >= 0) {
    pollfd event{group->processes_event(), POLLPRI, 0};
    EXPECT_EQ(::poll(&event, 1, 20000), 1);
  }
  child->reap();  // the shell gives up at the refused fork and leaves its children
  EXPECT_TRUE(group->process_limit_hit());
  if (!group->kill()) GTEST_SKIP() << "no cgroup.kill";
}

TEST(ProcessTree, FindsAndSignalsDescendantsOnly) {
  SpawnSpec spec{.argv = {"/bin/sh", "-c", "sleep 1000 & wait"}};
  auto child = spawn(spec);
  ASSERT_TRUE(child);
  std::vector<pid_t> tree;
  while (tree.size() < 2) tree = descendants_of(::getpid());  // the shell needs a moment to fork
  EXPECT_EQ(tree[0], child->pid());
  EXPECT_FALSE(signal_descendant(tree[0], ::getpid(), SIGKILL));
  EXPECT_TRUE(signal_descendant(::getpid(), tree[1], SIGKILL));
  EXPECT_EQ(child->reap().exit_code, 0);
}

}  // namespace
}  // namespace am::process
