#include "hypervisor/task_users.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace am::hypervisor {
namespace {

TEST(TaskUsers, AnIsolatedTasksUserIsItsOwnAndStaysTheSame) {
  const std::string one = "94edcac2-3529-4699-8468-d3a0c00696c2";
  const std::string other = "94edcac2-3529-4699-8468-d3a0c00696c3";
  EXPECT_EQ(own_user_of(one), own_user_of(one));
  EXPECT_NE(own_user_of(one), own_user_of(other));
  for (const std::string& pid : {one, other}) {
    EXPECT_GT(own_user_of(pid), kTaskUser);
    EXPECT_LT(own_user_of(pid), static_cast<uid_t>(INT32_MAX));
  }
}

}  // namespace
}  // namespace am::hypervisor
