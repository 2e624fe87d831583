// The one program: the client's commands, and the daemons as subcommands.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <exception>

#include "app/daemon_commands.h"
#include "cli/cli.h"
#include "cli/platform_commands.h"

namespace {

int run(int argc, char** argv) {
  CLI::App root("Application Manager: keeps Python applications and runs their scripts as supervised tasks.",
                "am");
  root.footer(
      "Begin with:\n  am up\n  am app import examples/Manual\n  am run Manual test.py\n\n"
      "`am COMMAND --help` explains a command.");
  root.set_version_flag("--version", "am " AM_VERSION);
  root.require_subcommand(1);

  am::cli::Cli cli;
  am::app::add_up_command(root, cli.action);
  am::cli::add_client_commands(root, cli);
  am::app::add_manager_command(root, cli.action);
  CLI::App* hypervisor = am::app::add_hypervisor_command(root, cli.action);
  am::cli::add_hypervisor_list(*hypervisor, cli);

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
