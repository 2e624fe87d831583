#include "cli/app_commands.h"

#include "cli/table.h"
#include "cli/task_view.h"
#include "cli/transfer_commands.h"

namespace am::cli {
namespace {

Result<int> create(const Cli& cli, Client& client, const std::string& name) {
  const auto answer = client.call("POST", "/applications", json::object{{"name", name}});
  if (!answer) return pass_on(answer);
  if (cli.json || !answer->is_object()) return print_json(cli, *answer);
  return print(cli, fmt::format("Created {}, id {}\n", name, text_member(answer->get_object(), "id")));
}

Result<int> list(const Cli& cli, Client& client) {
  const auto answer = client.call("GET", "/applications");
  if (!answer) return pass_on(answer);
  const json::array applications = array_of(*answer);
  if (cli.json) return print_json(cli, applications);
  Table table({"NAME", "ID", "ISOLATION", "PATH"});
  for (const json::value& entry : applications) {
    if (!entry.is_object()) continue;
    const json::object& object = entry.get_object();
    table.add({text_member(object, "name"), text_member(object, "id"), text_member(object, "isolation"),
               text_member(object, "path")});
  }
  return print(cli, table.text());
}

Result<int> show(const Cli& cli, Client& client, const std::string& name) {
  const auto application = find_application(client, name);
  if (!application) return pass_on(application);
  const auto answer = client.call("GET", application_path(*application));
  if (!answer) return pass_on(answer);
  if (cli.json || !answer->is_object()) return print_json(cli, *answer);
  const json::object& object = answer->get_object();
  const auto field = [&](const char* key) { return text_member(object, key); };
  return print(cli, aligned_fields({{"name", field("name")},
                                    {"id", field("id")},
                                    {"isolation", field("isolation")},
                                    {"path", field("path")},
                                    {"created", field("createdAt")}}));
}

Result<int> set(const Cli& cli, Client& client, const std::string& name, const std::string& isolation) {
  const auto application = find_application(client, name);
  if (!application) return pass_on(application);
  const auto answer =
      client.call("PATCH", application_path(*application), json::object{{"isolation", isolation}});
  if (!answer) return pass_on(answer);
  if (cli.json) return print_json(cli, *answer);
  return print(cli, fmt::format("Changed {}: isolation {}, for tasks started from now on\n",
                                application->name, isolation));
}

Result<int> remove(const Cli& cli, Client& client, const std::string& name) {
  const auto application = find_application(client, name);
  if (!application) return pass_on(application);
  const auto answer = client.call("DELETE", application_path(*application));
  if (!answer) return pass_on(answer);
  if (cli.json) return print_json(cli, json::object{{"id", application->id}, {"name", application->name}});
  return print(cli, fmt::format("Deleted {}\n", application->name));
}

Result<int> set_executable(const Cli& cli, Client& client, const std::string& name, const std::string& path,
                           bool executable) {
  const auto application = find_application(client, name);
  if (!application) return pass_on(application);
  const std::string target = application_path(*application, "/scripts/" + net::percent_encode(path, true));
  const auto answer = client.call(executable ? "PUT" : "DELETE", target);
  if (!answer) return pass_on(answer);
  if (cli.json) return print_json(cli, answer->is_null() ? json::object{{"path", path}} : *answer);
  return print(cli,
               fmt::format("{} {} of {}\n", executable ? "Enabled" : "Disabled", path, application->name));
}

void add_set_command(CLI::App& group, Cli& cli) {
  CLI::App* command = add_command(
      group, cli, "set", "Change an application's settings; they hold for tasks started from then on.",
      "am app set Manual --isolation isolated");
  auto application = std::make_shared<std::string>();
  auto isolation = std::make_shared<std::string>();
  command->add_option("APP", *application, "The application's name or id")->required();
  command
      ->add_option("--isolation", *isolation,
                   "shared: its tasks see the processes and work folders of others on their hypervisor; "
                   "isolated: a user, processes and /tmp of its own for each task; "
                   "default: as the hypervisor is set")
      ->type_name("shared|isolated|default")
      ->required();
  command->callback([&cli, application, isolation] {
    cli.action = [&cli, application, isolation] {
      return with_client(cli, [&](Client& client) { return set(cli, client, *application, *isolation); });
    };
  });
}

void add_script_command(CLI::App& group, Cli& cli, const std::string& name, const std::string& description,
                        bool executable) {
  CLI::App* command = add_command(group, cli, name, description, "am script " + name + " Manual test.py");
  auto application = std::make_shared<std::string>();
  auto path = std::make_shared<std::string>();
  command->add_option("APP", *application, "The application's name or id")->required();
  command->add_option("PATH", *path, "The file's path in the application, .py or .py3")->required();
  command->callback([&cli, application, path, executable] {
    cli.action = [&cli, application, path, executable] {
      return with_client(
          cli, [&](Client& client) { return set_executable(cli, client, *application, *path, executable); });
    };
  });
}

}  // namespace

void add_app_commands(CLI::App& root, Cli& cli) {
  CLI::App* group = add_group(root, "app", "Applications: folders of scripts.");
  auto name = std::make_shared<std::string>();

  CLI::App* creating =
      add_command(*group, cli, "create", "Make an empty application.", "am app create Manual");
  creating->add_option("NAME", *name, "Its name")->required();
  creating->callback([&cli, name] {
    cli.action = [&cli, name] {
      return with_client(cli, [&](Client& client) { return create(cli, client, *name); });
    };
  });

  CLI::App* listing = add_command(*group, cli, "list", "List the applications.", "am app list");
  listing->callback([&cli] {
    cli.action = [&cli] { return with_client(cli, [&](Client& client) { return list(cli, client); }); };
  });

  CLI::App* showing = add_command(*group, cli, "show", "Show an application.", "am app show Manual");
  showing->add_option("APP", *name, "The application's name or id")->required();
  showing->callback([&cli, name] {
    cli.action = [&cli, name] {
      return with_client(cli, [&](Client& client) { return show(cli, client, *name); });
    };
  });

  add_set_command(*group, cli);
  add_transfer_commands(*group, cli);

  CLI::App* deleting = add_command(*group, cli, "delete",
                                   "Delete an application with its files; the history of its tasks stays.",
                                   "am app delete Manual");
  deleting->add_option("APP", *name, "The application's name or id")->required();
  deleting->callback([&cli, name] {
    cli.action = [&cli, name] {
      return with_client(cli, [&](Client& client) { return remove(cli, client, *name); });
    };
  });
}

void add_script_commands(CLI::App& root, Cli& cli) {
  CLI::App* group = add_group(root, "script", "Scripts: the files of an application that can be run.");
  add_script_command(*group, cli, "enable", "Make a .py or .py3 file executable.", true);
  add_script_command(*group, cli, "disable", "Make a script a plain file again; it cannot be run then.",
                     false);
}

}  // namespace am::cli
