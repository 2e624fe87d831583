// Shell completion, generated from the command line's own tree.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace am::cli {

// One option of a command as a shell offers it.
struct CompletionOption {
  std::vector<std::string> names;  // "--follow", "-f"
  std::string description;
  bool takes_value = false;
};

// One command of the tree; the root is the one without a path.
struct CompletionCommand {
  std::string path;  // "app create"
  std::string description;
  std::vector<std::string> subcommands;
  std::vector<CompletionOption> options;
  std::vector<std::string> arguments;  // what each positional is: "APP", "PATH", "PID", "DIR", ...
};

// The tree, parents before children, hidden commands left out.
std::vector<CompletionCommand> completion_commands(const CLI::App& root);

std::string bash_completion(const std::vector<CompletionCommand>& commands);
std::string zsh_completion(const std::vector<CompletionCommand>& commands);
std::string fish_completion(const std::vector<CompletionCommand>& commands);

}  // namespace am::cli
