// The one program: the client's commands, and the daemons as subcommands.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <exception>

#include "app/daemon_commands.h"
#include "app/image_commands.h"
#include "cli/cli.h"
#include "cli/platform_commands.h"

namespace {

// What a wrong command line gets to read.
std::string usage_message(const CLI::App* root, const CLI::Error& error) {
  const auto unknown = root->remaining(true);
  if (!unknown.empty()) {
    return fmt::format("am: there is no command or option \"{}\" here; --help behind a command explains it\n",
                       unknown.front());
  }
  return fmt::format("am: {}; --help behind a command explains it\n", error.what());
}

int run(int argc, char** argv) {
  CLI::App root("Application Manager: keeps Python applications and runs their scripts as supervised tasks.",
                "am");
  root.footer(
      "Begin with:\n  am up\n  am app import examples/Manual\n  am run Manual test.py\n\n"
      "`am COMMAND --help` explains a command.");
  root.set_version_flag("--version", "am " AM_VERSION);
  root.require_subcommand(1);
  root.failure_message(usage_message);

  am::cli::Cli cli;
  am::app::add_up_command(root, cli.action);
  am::cli::add_client_commands(root, cli);
  am::app::add_manager_command(root, cli.action);
  CLI::App* hypervisor = am::app::add_hypervisor_command(root, cli.action);
  am::cli::add_hypervisor_list(*hypervisor, cli);
  am::app::add_image_commands(root, cli);

  try {
    root.parse(argc, argv);
  } catch (const CLI::ParseError& wrong) {
    return root.exit(wrong) == 0 ? am::cli::kExitOk : am::cli::kExitUsage;  // 0: --help or --version
  }
  return cli.action();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& fault) {
    fmt::print(stderr, "am: internal error: {}\n", fault.what());
    return am::cli::kExitError;
  }
}
