#include "cli/run_command.h"

#include <csignal>

#include "cli/params.h"
#include "cli/run_session.h"
#include "cli/task_view.h"

namespace am::cli {
namespace {

struct RunOptions {
  std::string application;
  std::string script;
  std::string params = "{}";
  bool detach = false;
};

// The new task's pid.
Result<std::string> start_task(Client& client, const RunOptions& options, json::object params) {
  const auto application = find_application(client, options.application);
  if (!application) return pass_on(application);
  const json::object body = {
      {"applicationId", application->id}, {"script", options.script}, {"params", std::move(params)}};
  const auto answer = client.call("POST", "/tasks", body);
  if (!answer) return pass_on(answer);
  std::string pid = answer->is_object() ? text_member(answer->get_object(), "pid") : std::string();
  if (pid.empty()) return fail(ErrorCode::internal, "the server's answer to the start has no pid in it");
  return pid;
}

int run(const Cli& cli, const RunOptions& options) {
  auto params = read_params("--params", options.params);
  if (!params) return report(cli, params.error(), kExitUsage);
  auto endpoint = find_endpoint(cli.data);
  if (!endpoint) return report(cli, endpoint.error(), kExitNotStarted);
  Client client(std::move(*endpoint));
  if (options.detach) {
    const auto pid = start_task(client, options, std::move(*params));
    if (!pid) return report(cli, pid.error(), kExitNotStarted);
    return cli.json ? print_json(cli, json::object{{"pid", *pid}}) : print(cli, *pid + "\n");
  }
  std::signal(SIGPIPE, SIG_IGN);    // a reader that goes is an error of write(), and stops the task
  RunSession session(cli, client);  // before the start: a Ctrl-C during it is kept for the task
  const auto pid = start_task(client, options, std::move(*params));
  if (!pid) return report(cli, pid.error(), kExitNotStarted);
  return client.wait_for(session.run(*pid));
}

}  // namespace

void add_run_command(CLI::App& root, Cli& cli) {
  CLI::App* command =
      add_command(root, cli, "run",
                  "Run a script as a task and show its output as it prints; the exit code is the task's own, "
                  "or 124 (time limit), "
                  "137 (memory limit, killed), 143 (stopped), 125 (could not start). Ctrl-C stops the task.",
                  "am run Manual test.py --params '{\"timeout\": 60}'");
  auto options = std::make_shared<RunOptions>();
  command->add_option("APP", options->application, "The application's name or id")->required();
  command->add_option("PATH", options->script, "The executable script, as its path in the application")
      ->required();
  command
      ->add_option(
          "--params", options->params,
          "The task's parameters: a JSON object, @FILE to read it from a file, @- from standard input")
      ->type_name("JSON|@FILE");
  command->add_flag("--detach", options->detach, "Print the new task's pid and leave it running");
  command->callback([&cli, options] { cli.action = [&cli, options] { return run(cli, *options); }; });
}

}  // namespace am::cli
