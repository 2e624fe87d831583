#include "process/spawn.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>

#include "process/spawned_output.h"

namespace am::process {
namespace {

TEST(Spawn, GivesExitCodeAndSignal) {
  auto exits = spawn({.argv = {"/bin/sh", "-c", "exit 7"}});
  ASSERT_TRUE(exits);
  EXPECT_EQ(exits->reap().exit_code, 7);
  auto dies = spawn({.argv = {"/bin/sh", "-c", "kill -SEGV $$"}});
  ASSERT_TRUE(dies);
  EXPECT_EQ(dies->reap().signal, SIGSEGV);
}

TEST(Spawn, SetsEnvironmentFolderAndArguments) {
  EXPECT_EQ(output_of({.argv = {"/bin/sh", "-c", "echo $A $0 $PWD", "zero"},
                       .environment = std::vector<std::string>{"A=1"},
                       .working_directory = "/usr"}),
            "1 zero /usr\n");
}

TEST(Spawn, LeavesOnlyTheGivenDescriptorsOpen) {
  Pipe extra;
  // 3 is the folder that ls itself reads.
  EXPECT_EQ(output_of({.argv = {"/bin/ls", "-1", "/proc/self/fd"}, .descriptors = {{extra.read.get(), 5}}}),
            "0\n1\n2\n3\n5\n");
}

TEST(Spawn, SwapsDescriptorsThatAreEachOthersTargets) {
  Pipe pipe;
  const UniqueFd low(::fcntl(pipe.write.get(), F_DUPFD_CLOEXEC, 3));
  SpawnSpec spec{.argv = {"/bin/sh", "-c", "echo to-two >&2; echo to-one"}};
  spec.descriptors = {{pipe.write.get(), 2}, {low.get(), 1}};
  auto child = spawn(spec);
  ASSERT_TRUE(child);
  child->reap();
  char buffer[64] = {};
  EXPECT_GT(::read(pipe.read.get(), buffer, sizeof buffer), 0);
  EXPECT_STREQ(buffer, "to-two\nto-one\n");
}

TEST(Spawn, NamesWhatFailed) {
  const auto missing = spawn({.argv = {"/nonexistent/python3"}});
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, testing::HasSubstr("/nonexistent/python3"));
  EXPECT_THAT(missing.error().message, testing::HasSubstr("ENOENT"));
  const auto folder = spawn({.argv = {"/bin/true"}, .working_directory = "/nonexistent"});
  ASSERT_FALSE(folder);
  EXPECT_THAT(folder.error().message, testing::HasSubstr("folder /nonexistent"));
  EXPECT_FALSE(spawn({.argv = {"true"}}));
}

TEST(Spawn, ResetsSignalDispositionsAndMask) {
  ::signal(SIGPIPE, SIG_IGN);
  const std::string status = output_of({.argv = {"/bin/grep", "-E", "Sig(Blk|Ign)", "/proc/self/status"}});
  ::signal(SIGPIPE, SIG_DFL);
  EXPECT_EQ(status, "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

TEST(Child, DestructorKillsAndReaps) {
  pid_t pid = 0;
  {
    auto child = spawn({.argv = {"/bin/sleep", "1000"}});
    ASSERT_TRUE(child);
    pid = child->pid();
    EXPECT_EQ(child->try_reap(), std::nullopt);
  }
  EXPECT_EQ(::kill(pid, 0), -1);
}

}  // namespace

}  // namespace am::process
