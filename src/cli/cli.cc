#include "cli/cli.h"

#include "cli/app_commands.h"
#include "cli/completion_command.h"
#include "cli/platform_commands.h"
#include "cli/ps_command.h"
#include "cli/run_command.h"
#include "cli/task_commands.h"

namespace am::cli {

void add_client_commands(CLI::App& root, Cli& cli) {
  add_app_commands(root, cli);
  add_script_commands(root, cli);
  add_run_command(root, cli);
  add_ps_command(root, cli);
  add_task_commands(root, cli);
  add_platform_commands(root, cli);
  add_completion_command(root, cli);
}

}  // namespace am::cli
