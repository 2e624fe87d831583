#include "cli/command.h"

#include <unistd.h>

#include "base/files.h"
#include "cli/json_text.h"
#include "cli/task_view.h"

namespace am::cli {
namespace {

// stderr that cannot be written has nobody left to be told.
void print_error(std::string text) {
  text += '\n';
  static_cast<void>(write_all(STDERR_FILENO, text));
}

}  // namespace

CLI::App* add_group(CLI::App& parent, const std::string& name, const std::string& description) {
  CLI::App* group = parent.add_subcommand(name, description);
  group->require_subcommand(1);
  return group;
}

CLI::App* add_command(CLI::App& parent, Cli& cli, const std::string& name, const std::string& description,
                      const std::string& example) {
  CLI::App* command = parent.add_subcommand(name, description);
  command->footer("Example:\n  " + example);
  command->add_flag("--json", cli.json, "Print JSON, errors too");
  command
      ->add_option("--data", cli.data,
                   "Talk to the manager of this data folder (default: AM_URL and AM_TOKEN, else the folder "
                   "of AM_DATA, "
                   "else ~/.local/share/application-manager)")
      ->type_name("DIR");
  return command;
}

int print(const Cli& cli, std::string_view text) {
  const auto written = write_all(STDOUT_FILENO, text);
  if (!written) return report(cli, Error{written.error().code, "stdout: " + written.error().message});
  return kExitOk;
}

int print_json(const Cli& cli, const json::value& value) { return print(cli, json_text(value) + "\n"); }

int report(const Cli& cli, const Error& error, int code) {
  if (cli.json) {
    const json::object body = {{"code", to_string(error.code)}, {"message", error.message}};
    print_error(json::serialize(json::object{{"error", body}}));
  } else {
    print_error("am: " + error.message);
  }
  return code;
}

void remark(const Cli& cli, std::string_view text) {
  if (!cli.json) print_error(fmt::format("am: {}", text));
}

int with_client(const Cli& cli, const std::function<Result<int>(Client&)>& work) {
  auto endpoint = find_endpoint(cli.data);
  if (!endpoint) return report(cli, endpoint.error());
  Client client(std::move(*endpoint));
  const auto code = work(client);
  return code ? *code : report(cli, code.error());
}

Result<ApplicationRef> find_application(Client& client, const std::string& name_or_id) {
  const auto answer = client.call("GET", "/applications");
  if (!answer) return pass_on(answer);
  std::optional<ApplicationRef> named;
  for (const json::value& entry : array_of(*answer)) {
    if (!entry.is_object()) continue;
    const json::object& object = entry.get_object();
    ApplicationRef application{text_member(object, "id"), text_member(object, "name")};
    if (application.id == name_or_id) return application;
    if (application.name == name_or_id) named = std::move(application);
  }
  if (named) return *named;
  return fail(ErrorCode::not_found,
              "APP: there is no application with the name or id \"{}\"; `am app list` shows all", name_or_id);
}

std::string application_path(const ApplicationRef& application, std::string_view rest) {
  return fmt::format("/applications/{}{}", net::percent_encode(application.id), rest);
}

std::string task_path(const std::string& pid, std::string_view rest) {
  return fmt::format("/tasks/{}{}", net::percent_encode(pid), rest);
}

}  // namespace am::cli
