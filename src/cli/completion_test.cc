#include "cli/completion.h"

#include <gmock/gmock.h>

#include <array>
#include <cstdio>

#include "cli/cli.h"

namespace am::cli {
namespace {

using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;

class CompletionTest : public testing::Test {
 protected:
  CompletionTest() { add_client_commands(root_, cli_); }

  CLI::App root_{"", "am"};
  Cli cli_;
};

const CompletionCommand& find(const std::vector<CompletionCommand>& commands, const std::string& path) {
  for (const auto& command : commands) {
    if (command.path == path) return command;
  }
  throw std::runtime_error("no command " + path);
}

TEST_F(CompletionTest, KnowsTheWholeTree) {
  const auto commands = completion_commands(root_);
  EXPECT_THAT(find(commands, "").subcommands, IsSupersetOf({"app", "script", "run", "ps", "logs", "stop",
                                                            "inspect", "venv", "params", "completion"}));
  EXPECT_THAT(find(commands, "app").subcommands,
              IsSupersetOf({"create", "list", "show", "set", "import", "export", "delete"}));
  EXPECT_THAT(find(commands, "run").arguments, testing::ElementsAre("APP", "PATH"));
  for (const auto& option : find(commands, "run").options) {
    const bool value = option.names[0] == "--params" || option.names[0] == "--data";
    EXPECT_EQ(option.takes_value, value) << option.names[0];
  }
}

TEST_F(CompletionTest, EveryScriptHasEveryCommand) {
  const auto commands = completion_commands(root_);
  for (const auto& script :
       {bash_completion(commands), zsh_completion(commands), fish_completion(commands)}) {
    for (const auto& command : commands) EXPECT_THAT(script, HasSubstr("'" + command.path + "'"));
    EXPECT_THAT(script, HasSubstr("am __complete apps"));
    EXPECT_THAT(script, Not(HasSubstr("'__complete'")));
  }
}

// What bash would offer for a command line whose last word is being typed.
std::string offered(const std::string& script, const std::string& words) {
  const std::string program = script + "am() { echo called \"$@\"; }\nCOMP_WORDS=(" + words +
                              ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_am\necho \"${COMPREPLY[*]}\"\n";
  const std::string file = testing::TempDir() + "/completion-test.bash";
  std::FILE* out = std::fopen(file.c_str(), "w");
  std::fputs(program.c_str(), out);
  std::fclose(out);
  // allow(fork): one shell per test, from a test program that has no other threads
  std::FILE* shell = ::popen(("bash --norc " + file).c_str(), "r");
  std::string text;
  std::array<char, 1024> buffer{};
  while (std::fgets(buffer.data(), buffer.size(), shell) != nullptr) text += buffer.data();
  EXPECT_EQ(::pclose(shell), 0);
  std::remove(file.c_str());
  return text;
}

TEST_F(CompletionTest, BashOffersWhatFits) {
  const std::string script = bash_completion(completion_commands(root_));
  EXPECT_EQ(offered(script, "am app i"), "import\n");
  EXPECT_EQ(offered(script, "am app export --d"), "--data\n");
  EXPECT_EQ(offered(script, "am run c"), "called __complete apps\n");
  EXPECT_EQ(offered(script, "am run --json Manual ''"), "called __complete scripts Manual\n");
  EXPECT_EQ(offered(script, "am run --params '{}' Manual c"), "called __complete scripts Manual\n");
  EXPECT_EQ(offered(script, "am logs c"), "called __complete pids\n");
  EXPECT_EQ(offered(script, "am completion z"), "zsh\n");
}

}  // namespace
}  // namespace am::cli
