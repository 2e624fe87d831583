#include "hypervisor/image_choice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace am::hypervisor {
namespace {

TEST(ImageChoice, NoneIsNone) {
  const auto choice = choose_image("none", "/anything");
  ASSERT_TRUE(choice);
  EXPECT_FALSE(choice->image);
}

TEST(ImageChoice, WhatIsAskedForByNameMustBeThere) {
  const auto choice = choose_image("/no/such/image", "");
  ASSERT_FALSE(choice);
  EXPECT_THAT(choice.error().message,
              testing::AllOf(testing::HasSubstr("--image"), testing::HasSubstr("/no/such/image")));
}

TEST(ImageChoice, WithoutTheInstallationsOwnTasksRunOnTheMachineAndTheReasonIsSaid) {
  const auto choice = choose_image("", "/no/such/image");
  ASSERT_TRUE(choice);
  EXPECT_FALSE(choice->image);
  EXPECT_FALSE(choice->reason.empty());
}

}  // namespace
}  // namespace am::hypervisor
