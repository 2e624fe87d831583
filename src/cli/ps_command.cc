#include "cli/ps_command.h"

#include <algorithm>
#include <map>

#include "base/clock.h"
#include "cli/table.h"
#include "cli/task_view.h"

namespace am::cli {
namespace {

constexpr std::size_t kPage = 100;
constexpr int kDefaultLimit = 100;

struct PsOptions {
  bool all = false;
  std::string application;
  int limit = kDefaultLimit;
};

// Tasks of one filter, newest first, page by page.
Result<void> collect(Client& client, const std::string& filter, std::size_t limit, json::array& tasks) {
  std::string before;
  std::size_t collected = 0;
  while (collected < limit) {
    const std::size_t page = std::min(kPage, limit - collected);
    const auto answer = client.call("GET", fmt::format("/tasks?limit={}{}{}", page, filter, before));
    if (!answer) return pass_on(answer);
    const json::array entries = array_of(*answer);
    for (const json::value& task : entries) {
      if (!task.is_object())
        return fail(ErrorCode::internal, "the server's list of tasks has a strange entry");
      before = "&before=" + net::percent_encode(text_member(task.get_object(), "pid"));
      tasks.push_back(task);
    }
    collected += entries.size();
    if (entries.size() < page) return {};
  }
  return {};
}

Result<json::array> list_tasks(Client& client, const PsOptions& options) {
  std::string filter;
  if (!options.application.empty()) {
    const auto application = find_application(client, options.application);
    if (!application) return pass_on(application);
    filter = "&applicationId=" + net::percent_encode(application->id);
  }
  json::array tasks;
  const auto limit = static_cast<std::size_t>(options.limit);
  if (options.all) {
    if (const auto listed = collect(client, filter, limit, tasks); !listed) return pass_on(listed);
    return tasks;
  }
  for (const TaskState state : {TaskState::queued, TaskState::starting, TaskState::running}) {
    const auto listed = collect(client, fmt::format("{}&state={}", filter, to_string(state)), limit, tasks);
    if (!listed) return pass_on(listed);
  }
  return tasks;
}

Result<std::map<std::string, std::string>> application_names(Client& client) {
  const auto answer = client.call("GET", "/applications");
  if (!answer) return pass_on(answer);
  std::map<std::string, std::string> names;
  for (const json::value& entry : array_of(*answer)) {
    if (!entry.is_object()) continue;
    names[text_member(entry.get_object(), "id")] = text_member(entry.get_object(), "name");
  }
  return names;
}

std::vector<std::string> row_of(const TaskView& task, const std::map<std::string, std::string>& names,
                                std::int64_t now_ms) {
  const auto name = names.find(task.application_id);
  const std::string state = task.outcome ? outcome_short(*task.outcome) : std::string(to_string(task.state));
  const auto duration = task.duration_sec(now_ms);
  return {task.pid,
          name == names.end() ? "(deleted)" : name->second,
          task.start_path,
          state,
          task.started_ms ? relative_words(*task.started_ms, now_ms) : "-",
          duration ? duration_words(*duration) : "-"};
}

Result<int> ps(const Cli& cli, Client& client, const PsOptions& options) {
  const auto tasks = list_tasks(client, options);
  if (!tasks) return pass_on(tasks);
  if (cli.json) return print_json(cli, *tasks);
  const auto names = application_names(client);
  if (!names) return pass_on(names);
  Table table({"PID", "APPLICATION", "SCRIPT", "STATE", "STARTED", "DURATION"});
  for (const json::value& value : *tasks) {
    const auto task = parse_task(value);
    if (!task) return pass_on(task);
    table.add(row_of(*task, *names, wall_clock_ms()));
  }
  return print(cli, table.text());
}

}  // namespace

void add_ps_command(CLI::App& root, Cli& cli) {
  CLI::App* command = add_command(root, cli, "ps", "List the tasks that run or wait to run, newest first.",
                                  "am ps --all --app Manual");
  auto options = std::make_shared<PsOptions>();
  command->add_flag("--all", options->all, "Also the tasks that are over");
  command->add_option("--app", options->application, "Only tasks of this application")->type_name("APP");
  command->add_option("--limit", options->limit, "At most so many of each state (100)")
      ->type_name("N")
      ->check(CLI::Range(1, 1'000'000));
  command->callback([&cli, options] {
    cli.action = [&cli, options] {
      return with_client(cli, [&](Client& client) { return ps(cli, client, *options); });
    };
  });
}

}  // namespace am::cli
