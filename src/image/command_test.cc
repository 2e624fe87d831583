#include "image/command.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/files.h"
#include "base/unique_fd.h"

namespace am::image {
namespace {

class Commands : public testing::Test {
 protected:
  void TearDown() override { ::unlink(log.path.c_str()); }

  std::string path = testing::TempDir() + "command-" + std::to_string(::getpid()) + ".log";
  UniqueFd fd = UniqueFd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600));
  BuildLog log{.fd = fd.get(), .path = path};
};

TEST_F(Commands, WhatAProgramSaysIsInTheLog) {
  ASSERT_TRUE(run_logged({.argv = {"/bin/sh", "-c", "echo out; echo err >&2"}}, log));
  EXPECT_EQ(read_file(path), "\n$ /bin/sh -c echo out; echo err >&2\nout\nerr\n");
}

TEST_F(Commands, WhatAProgramPrintsIsGivenBack) {
  const Command command{.argv = {"/bin/sh", "-c", "echo \"$WORD\"; echo err >&2"},
                        .environment = std::vector<std::string>{"WORD=hello"}};
  EXPECT_EQ(output_of(command, log), "hello\n");
  EXPECT_THAT(*read_file(path), testing::EndsWith("\nerr\n"));
}

TEST_F(Commands, AFailureHasTheProgramsComplaint) {
  ASSERT_TRUE(run_logged({.argv = {"/bin/sh", "-c", "echo E: of another one"}}, log));
  const auto failed =
      run_logged({.argv = {"/bin/sh", "-c", "echo I: working; echo E: no such release; exit 7"}}, log);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message,
            "/bin/sh failed (exit code 7): E: no such release (the whole log: " + path + ")");
  const auto killed = output_of({.argv = {"/bin/sh", "-c", "kill -9 $$"}}, log);
  ASSERT_FALSE(killed);
  EXPECT_THAT(killed.error().message, testing::HasSubstr("was ended by signal 9: it said nothing"));
}

TEST(Complaint, IsTheFirstErrorElseTheLastLine) {
  EXPECT_EQ(complaint_of("$ a\nI: x\nE: first\nE: second\nI: y\n"), "E: first");
  EXPECT_EQ(complaint_of("$ a\nWARNING: x\nERROR: no match\n"), "ERROR: no match");
  EXPECT_EQ(complaint_of("$ a\nE: old\n$ b\none\ntwo\n\n"), "two");
  EXPECT_EQ(complaint_of("$ a\n"), "it said nothing");
}

TEST(FindProgram, FindsByNameOnly) {
  EXPECT_THAT(find_program("sh"), testing::EndsWith("/sh"));
  EXPECT_EQ(find_program("no-such-program"), "");
}

}  // namespace
}  // namespace am::image
