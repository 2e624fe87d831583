// What all commands share: the common options, how a command is declared, how it ends.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <string_view>

#include "cli/client.h"
#include "cli/exit_code.h"

namespace am::cli {

// The one command line. The chosen subcommand sets `action` while it is parsed; main() then runs it.
struct Cli {
  bool json = false;  // --json
  std::string data;   // --data
  std::function<int()> action;
};

// `am GROUP ...`: a command that only holds others.
CLI::App* add_group(CLI::App& parent, const std::string& name, const std::string& description);
// A command with --json and --data. Its help shows `example` below `description`.
CLI::App* add_command(CLI::App& parent, Cli& cli, const std::string& name, const std::string& description,
                      const std::string& example);

// Prints to stdout; kExitError, with the reason on stderr, when that fails (a full disk).
int print(const Cli& cli, std::string_view text);
// JSON on a line of its own.
int print_json(const Cli& cli, const json::value& value);
// "am: message" on stderr, or the server's error object with --json. Gives `code` back.
int report(const Cli& cli, const Error& error, int code = kExitError);
// "am: text" on stderr, for a remark beside the result; nothing with --json.
void remark(const Cli& cli, std::string_view text);

// Finds the manager, runs `work`, reports its error.
int with_client(const Cli& cli, const std::function<Result<int>(Client&)>& work);

struct ApplicationRef {
  std::string id;
  std::string name;
};
// APP on the command line: an id, else a name.
Result<ApplicationRef> find_application(Client& client, const std::string& name_or_id);

// "/applications/ID" with the id escaped, and behind it `rest`.
std::string application_path(const ApplicationRef& application, std::string_view rest = "");
// The same for "/tasks/PID".
std::string task_path(const std::string& pid, std::string_view rest = "");

}  // namespace am::cli
