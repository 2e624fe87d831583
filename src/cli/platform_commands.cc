#include "cli/platform_commands.h"

#include <fmt/ranges.h>

#include "cli/json_text.h"
#include "cli/params.h"
#include "cli/table.h"
#include "cli/task_view.h"

namespace am::cli {
namespace {

std::string number_text(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_number() ? json_text(*value) : "-";
}

std::string text_list(const json::object& object, std::string_view name) {
  std::vector<std::string> texts;
  const auto* list = object.if_contains(name);
  for (const json::value& entry : list != nullptr ? array_of(*list) : json::array()) {
    if (entry.is_string()) texts.emplace_back(entry.get_string());
  }
  return fmt::format("{}", fmt::join(texts, "\n  "));
}

Result<int> list_venvs(const Cli& cli, Client& client) {
  const auto answer = client.call("GET", "/venvs");
  if (!answer) return pass_on(answer);
  const json::array venvs = array_of(*answer);
  if (cli.json) return print_json(cli, venvs);
  std::string text;
  for (const json::value& entry : venvs) {
    if (!entry.is_object()) continue;
    const json::object& venv = entry.get_object();
    text += fmt::format("{} (Python {})\n", text_member(venv, "name"), text_member(venv, "pythonVersion"));
    if (const std::string note = text_member(venv, "note"); !note.empty()) text += "  note: " + note + "\n";
    text += "  " + text_list(venv, "packages") + "\n";
  }
  return print(cli, text);
}

Result<int> list_hypervisors(const Cli& cli, Client& client) {
  const auto answer = client.call("GET", "/hypervisors");
  if (!answer) return pass_on(answer);
  const json::array hypervisors = array_of(*answer);
  if (cli.json) return print_json(cli, hypervisors);
  Table table({"NAME", "ID", "VERSION", "RUNNING", "CAPACITY"});
  for (const json::value& entry : hypervisors) {
    if (!entry.is_object()) continue;
    const json::object& one = entry.get_object();
    table.add({text_member(one, "name"), text_member(one, "id"), text_member(one, "version"),
               number_text(one, "running"), number_text(one, "capacity")});
  }
  return print(cli, table.text());
}

Result<int> get_params(const Cli& cli, Client& client) {
  const auto answer = client.call("GET", "/general-parameters");
  if (!answer) return pass_on(answer);
  return print_json(cli, *answer);
}

Result<int> sign_in_link(const Cli& cli, Client& client) {
  const auto answer = client.call("POST", "/sign-in-links");
  if (!answer) return pass_on(answer);
  if (cli.json || !answer->is_object()) return print_json(cli, *answer);
  return print(cli, text_member(answer->get_object(), "url") + "\n");
}

int set_params(const Cli& cli, const std::string& argument) {
  auto params = read_params("JSON", argument);
  if (!params) return report(cli, params.error(), kExitUsage);
  return with_client(cli, [&](Client& client) -> Result<int> {
    const auto answer = client.call("PUT", "/general-parameters", *params);
    if (!answer) return pass_on(answer);
    return cli.json ? print_json(cli, answer->is_null() ? json::value(*params) : *answer) : kExitOk;
  });
}

using PlainCommand = Result<int> (*)(const Cli&, Client&);

CLI::App* add_plain_command(CLI::App& parent, Cli& cli, const std::string& name,
                            const std::string& description, const std::string& example, PlainCommand work) {
  CLI::App* command = add_command(parent, cli, name, description, example);
  command->callback([&cli, work] {
    cli.action = [&cli, work] { return with_client(cli, [&](Client& client) { return work(cli, client); }); };
  });
  return command;
}

}  // namespace

void add_platform_commands(CLI::App& root, Cli& cli) {
  CLI::App* venv = add_group(root, "venv", "Virtual environments that tasks run in.");
  add_plain_command(*venv, cli, "list", "Show the virtual environments with their packages.", "am venv list",
                    &list_venvs);

  CLI::App* params =
      add_group(root, "params", "General parameters: what every task of yours gets below its own.");
  add_plain_command(*params, cli, "get", "Print the general parameters.", "am params get", &get_params);
  CLI::App* setting = add_command(*params, cli, "set", "Replace the general parameters.",
                                  "am params set '{\"timeout\": 60}'");
  auto argument = std::make_shared<std::string>();
  setting->add_option("JSON", *argument, "A JSON object, @FILE or @- (standard input)")->required();
  setting->callback(
      [&cli, argument] { cli.action = [&cli, argument] { return set_params(cli, *argument); }; });

  add_plain_command(root, cli, "sign-in-link", "Print a link that signs a browser in, once.",
                    "am sign-in-link", &sign_in_link)
      ->alias("open");
}

void add_hypervisor_list(CLI::App& hypervisor, Cli& cli) {
  add_plain_command(hypervisor, cli, "list", "Show the connected hypervisors with their load.",
                    "am hypervisor list", &list_hypervisors);
}

}  // namespace am::cli
