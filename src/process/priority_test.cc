#include "process/priority.h"

#include <gtest/gtest.h>
#include <linux/sched.h>
#include <sched.h>

#include "process/spawn.h"

namespace am::process {
namespace {

TEST(Priority, AProcessIsSetAsideAndTakenBack) {
  auto child = spawn({.argv = {"/bin/sleep", "60"}});
  ASSERT_TRUE(child);
  run_when_idle(child->pid());
  EXPECT_EQ(::sched_getscheduler(child->pid()), SCHED_IDLE);
  EXPECT_TRUE(run_as_others(child->pid()));
  EXPECT_EQ(::sched_getscheduler(child->pid()), SCHED_OTHER);
}

TEST(Priority, ChildrenDoNotInheritIt) {
  answer_promptly();
  auto child = spawn({.argv = {"/bin/sleep", "60"}});
  ASSERT_TRUE(child);
  EXPECT_EQ(::sched_getscheduler(child->pid()), SCHED_OTHER);
}

TEST(Priority, AProcessThatIsGoneIsNoFault) {
  auto child = spawn({.argv = {"/bin/true"}});
  ASSERT_TRUE(child);
  const pid_t gone = child->pid();
  child->reap();
  run_when_idle(gone);
  EXPECT_FALSE(run_as_others(gone));
}

}  // namespace
}  // namespace am::process
