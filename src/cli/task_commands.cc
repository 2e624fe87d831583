#include "cli/task_commands.h"

#include <csignal>

#include "base/clock.h"
#include "cli/console.h"
#include "cli/table.h"
#include "cli/task_view.h"

namespace am::cli {
namespace {

struct LogsOptions {
  std::string pid;
  bool follow = false;
  bool tree = false;
};

Result<int> logs(const Cli& cli, Client& client, const LogsOptions& options) {
  std::signal(SIGPIPE, SIG_IGN);  // seen as an error of write() instead
  Console console(cli, client);
  OutputFollower follower(client, options.pid, FollowOptions{.follow = options.follow, .tree = options.tree},
                          console);
  const auto followed = client.wait_for(follower.run());
  if (console.reader_gone()) return kExitPipe;
  if (!followed) return pass_on(followed);
  return kExitOk;
}

Result<int> stop(const Cli& cli, Client& client, const std::string& pid) {
  const auto answer = client.call("POST", task_path(pid, "/stop"));
  if (!answer) return pass_on(answer);
  if (cli.json || !answer->is_object()) return print_json(cli, *answer);
  return print(cli, fmt::format("{}: {}\n", pid, text_member(answer->get_object(), "message")));
}

std::string timeout_words(double seconds) { return seconds < 0 ? "none" : fmt::format("{} s", seconds); }

// "Manual (c229e20c-...)"; a deleted application has only its id.
std::string application_words(Client& client, const std::string& id) {
  const auto answer = client.call("GET", application_path({.id = id, .name = ""}));
  if (!answer || !answer->is_object()) return id + " (deleted)";
  return fmt::format("{} ({})", text_member(answer->get_object(), "name"), id);
}

std::string describe(const TaskView& task, const std::string& application, const json::object& object) {
  const std::int64_t now = wall_clock_ms();
  const auto time = [&](std::string_view name, const std::optional<std::int64_t>& at) {
    return at ? fmt::format("{} ({})", text_member(object, name), relative_words(*at, now))
              : std::string("-");
  };
  const auto ended = task.ended();
  const auto duration = task.duration_sec(now);
  std::vector<std::pair<std::string, std::string>> fields = {
      {"pid", task.pid},
      {"state", std::string(to_string(task.state))},
      {"outcome", ended ? outcome_words(*ended) : "-"},
      {"script", task.start_path},
      {"script id", task.script_id},
      {"application", application},
      {"parent", task.parent_pid.empty() ? "-" : task.parent_pid},
      {"owner", task.owner},
      {"language", text_member(object, "language")},
      {"hypervisor", task.hypervisor.empty() ? "-" : task.hypervisor},
      {"started", time("startedAt", task.started_ms)},
      {"finished", time("finishedAt", task.finished_ms)},
      {"duration", duration ? duration_words(*duration) : "-"},
      {"time limit", timeout_words(task.limits.timeout_sec)},
      {"memory limit", fmt::format("{} MB", task.limits.memory_mb)},
      {"memory peak", megabyte_words(task.usage.memory_peak_mb)},
      {"CPU time", duration_words(task.usage.cpu_sec)},
      {"output", fmt::format("{} bytes", task.usage.output_bytes)},
      {"params", task.params},
  };
  return aligned_fields(fields);
}

Result<int> inspect(const Cli& cli, Client& client, const std::string& pid) {
  const auto answer = client.call("GET", task_path(pid));
  if (!answer) return pass_on(answer);
  if (cli.json) return print_json(cli, *answer);
  const auto task = parse_task(*answer);
  if (!task) return pass_on(task);
  return print(cli, describe(*task, application_words(client, task->application_id), answer->get_object()));
}

using PidCommand = Result<int> (*)(const Cli&, Client&, const std::string&);

void add_pid_command(CLI::App& root, Cli& cli, const std::string& name, const std::string& description,
                     PidCommand work) {
  CLI::App* command =
      add_command(root, cli, name, description, "am " + name + " 94edcac2-3529-4699-8468-d3a0c00696c2");
  auto pid = std::make_shared<std::string>();
  command->add_option("PID", *pid, "The task's pid, as `am ps` shows it")->required();
  command->callback([&cli, pid, work] {
    cli.action = [&cli, pid, work] {
      return with_client(cli, [&](Client& client) { return work(cli, client, *pid); });
    };
  });
}

void add_logs_command(CLI::App& root, Cli& cli) {
  CLI::App* command = add_command(root, cli, "logs", "Show what a task has printed, from its first byte.",
                                  "am logs 94edcac2-3529-4699-8468-d3a0c00696c2 --follow");
  auto options = std::make_shared<LogsOptions>();
  command->add_option("PID", options->pid, "The task's pid, as `am ps` shows it")->required();
  command->add_flag("-f,--follow", options->follow, "Go on as it prints, until the task is over");
  command->add_flag("--tree", options->tree, "With the output of the tasks that it started");
  command->callback([&cli, options] {
    cli.action = [&cli, options] {
      return with_client(cli, [&](Client& client) { return logs(cli, client, *options); });
    };
  });
}

}  // namespace

void add_task_commands(CLI::App& root, Cli& cli) {
  add_logs_command(root, cli);
  add_pid_command(root, cli, "stop", "Stop a task with all its processes: TERM, then KILL after 2 seconds.",
                  &stop);
  add_pid_command(root, cli, "inspect", "Show everything that is known about a task, its outcome in words.",
                  &inspect);
}

}  // namespace am::cli
