#include "cli/completion_command.h"

#include "cli/completion.h"
#include "cli/task_view.h"

namespace am::cli {
namespace {

int print_script(const CLI::App& root, const Cli& cli, const std::string& shell) {
  const auto commands = completion_commands(root);
  if (shell == "bash") return print(cli, bash_completion(commands));
  if (shell == "zsh") return print(cli, zsh_completion(commands));
  return print(cli, fish_completion(commands));
}

struct WordsRequest {
  std::string kind;
  std::string application;
};

// One word a line. A shell shows nothing when there is no manager, so every failure is just an empty list.
std::string words(Client& client, const WordsRequest& request) {
  std::string path = "/applications";
  std::string member = "name";
  if (request.kind == "pids") {
    path = "/tasks?limit=100";
    member = "pid";
  } else if (request.kind == "scripts") {
    const auto application = find_application(client, request.application);
    if (!application) return "";
    path = application_path(*application, "/scripts");
    member = "path";
  }
  const auto answer = client.call("GET", path);
  if (!answer) return "";
  std::string text;
  for (const json::value& entry : array_of(*answer)) {
    if (entry.is_object()) text += text_member(entry.get_object(), member) + "\n";
  }
  return text;
}

int print_words(const Cli& cli, const WordsRequest& request) {
  auto endpoint = find_endpoint(cli.data);
  if (!endpoint) return kExitError;
  Client client(std::move(*endpoint));
  return print(cli, words(client, request));
}

}  // namespace

void add_completion_command(CLI::App& root, Cli& cli) {
  CLI::App* command = root.add_subcommand("completion", "Print the completion script of a shell.");
  command->footer("Example:\n  source <(am completion bash)");
  auto shell = std::make_shared<std::string>();
  command->add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command->callback([&root, &cli, shell] {
    cli.action = [&root, &cli, shell] { return print_script(root, cli, *shell); };
  });

  CLI::App* hidden = root.add_subcommand("__complete", "Words for the completion scripts.")->group("");
  auto request = std::make_shared<WordsRequest>();
  hidden->add_option("KIND", request->kind)->required()->check(CLI::IsMember({"apps", "scripts", "pids"}));
  hidden->add_option("APP", request->application);
  hidden->callback([&cli, request] { cli.action = [&cli, request] { return print_words(cli, *request); }; });
}

}  // namespace am::cli
