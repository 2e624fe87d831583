#include "app/daemon_commands.h"

#include <fmt/format.h>

#include <memory>

#include "app/slot_arguments.h"
#include "base/data_folder.h"
#include "base/host_port.h"
#include "base/task.h"
#include "hypervisor/hypervisor.h"
#include "manager/manager.h"
#include "process/priority.h"
#include "up/up.h"

namespace am::app {
namespace {

constexpr int kExitUsage = 2;

int usage_error(const Error& error) {
  fmt::print(stderr, "am: {}\n", error.message);
  return kExitUsage;
}

// --data, or where the data is when nobody says.
Result<void> find_data(std::string& data) {
  if (!data.empty()) return {};
  auto folder = default_data_folder();
  if (!folder) return pass_on(folder);
  data = std::move(*folder);
  return {};
}

void add_data_option(CLI::App& command, std::string& data) {
  command
      .add_option("--data", data,
                  "The folder of all data, made when missing (AM_DATA, else "
                  "~/.local/share/application-manager)")
      ->type_name("DIR");
}

struct ManagerArguments {
  manager::ManagerOptions options;
  std::string listen = "127.0.0.1:8080";
  std::string ipc_listen = "127.0.0.1:18563";
};

int run_manager(ManagerArguments arguments) {
  if (const auto found = find_data(arguments.options.data_dir); !found) return usage_error(found.error());
  const auto listen = parse_host_port("--listen", arguments.listen);
  if (!listen) return usage_error(listen.error());
  const auto ipc = parse_host_port("--ipc-listen", arguments.ipc_listen);
  if (!ipc) return usage_error(ipc.error());
  arguments.options.listen_host = listen->host;
  arguments.options.listen_port = listen->port;
  arguments.options.ipc_host = ipc->host;
  arguments.options.ipc_port = ipc->port;
  process::answer_promptly();
  return manager::run_manager(std::move(arguments.options));
}

// How tasks are kept apart; the same for `am up` and `am hypervisor`.
struct ContainerArguments {
  std::string image;
  std::string isolation = "shared";
  bool sources_writable = false;
  bool no_outgoing = false;
};

void add_container_options(CLI::App& command, ContainerArguments& arguments) {
  command
      .add_option(
          "--image", arguments.image,
          "The root filesystem in which tasks run (the one of `am image build`, where the machine allows "
          "containers); none: tasks run on the machine itself")
      ->type_name("DIR|none");
  command
      .add_option("--isolation", arguments.isolation,
                  "Tasks of applications that do not say: shared (one container, each sees the others) or "
                  "isolated (a user, processes and /tmp of its own)")
      ->envname("TASK_ISOLATION")
      ->check(CLI::IsMember({"shared", "isolated"}))
      ->capture_default_str();
  command.add_flag("--sources-writable", arguments.sources_writable,
                   "Tasks may write the applications' folders, for example Python's .pyc files");
  command.add_flag("--no-outgoing", arguments.no_outgoing,
                   "No connections of tasks to the network outside their container");
}

struct HypervisorArguments {
  hypervisor::HypervisorOptions options;
  ContainerArguments container;
  std::string manager = "127.0.0.1:18563";
  std::string listen = "127.0.0.1:18564";
};

int run_hypervisor(HypervisorArguments arguments) {
  if (const auto found = find_data(arguments.options.data_dir); !found) return usage_error(found.error());
  const auto manager = parse_host_port("--manager", arguments.manager);
  if (!manager) return usage_error(manager.error());
  const auto listen = parse_host_port("--listen", arguments.listen);
  if (!listen) return usage_error(listen.error());
  const auto isolation = parse_task_isolation(arguments.container.isolation);
  if (!isolation) return usage_error(isolation.error());
  arguments.options.image = arguments.container.image;
  arguments.options.isolation = *isolation;
  arguments.options.sources_writable = arguments.container.sources_writable;
  arguments.options.outgoing = !arguments.container.no_outgoing;
  arguments.options.manager_host = manager->host;
  arguments.options.manager_port = manager->port;
  arguments.options.listen_host = listen->host;
  arguments.options.listen_port = listen->port;
  process::answer_promptly();
  return hypervisor::run_hypervisor(arguments.options);
}

struct UpArguments {
  up::UpOptions options;
  ContainerArguments container;
  hypervisor::SlotOptions slots;
  std::string listen = "127.0.0.1:8080";
};

int run_up(UpArguments arguments) {
  if (const auto found = find_data(arguments.options.data); !found) return usage_error(found.error());
  const auto listen = parse_host_port("--listen", arguments.listen);
  if (!listen) return usage_error(listen.error());
  arguments.options.listen = *listen;
  const ContainerArguments& container = arguments.container;
  std::vector<std::string>& passed = arguments.options.hypervisor_arguments;
  passed = slot_arguments(arguments.slots);
  passed.insert(passed.end(), {"--isolation", container.isolation});
  if (!container.image.empty()) passed.insert(passed.end(), {"--image", container.image});
  if (container.sources_writable) passed.emplace_back("--sources-writable");
  if (container.no_outgoing) passed.emplace_back("--no-outgoing");
  return up::run_up(std::move(arguments.options));
}

}  // namespace

void add_up_command(CLI::App& root, std::function<int()>& action) {
  CLI::App* command = root.add_subcommand("up",
                                          "Start the manager and a hypervisor on this machine and keep them "
                                          "running; Ctrl-C stops the tasks and both.");
  command->footer("Example:\n  am up --data ~/am --listen 127.0.0.1:8080");
  auto arguments = std::make_shared<UpArguments>();
  add_data_option(*command, arguments->options.data);
  command
      ->add_option("--listen", arguments->listen,
                   "Where the web IDE and the API are served; port 0 picks one")
      ->type_name("HOST:PORT")
      ->capture_default_str();
  command
      ->add_option("--resource-port", arguments->options.resource_port,
                   "Port of the hypervisor: the bridge to tasks, and output")
      ->type_name("N")
      ->capture_default_str();
  command->add_option("--ipc-port", arguments->options.ipc_port, "Port on loopback where hypervisors dial in")
      ->type_name("N")
      ->capture_default_str();
  command
      ->add_option(
          "--allow-origin", arguments->options.allowed_origins,
          "A web page's origin that may connect to tasks (https://example.org, * for all); repeatable")
      ->type_name("ORIGIN");
  command
      ->add_option("--ready-file", arguments->options.ready_file,
                   "Write the addresses and the token there once a task can be started")
      ->type_name("FILE");
  add_slot_options(*command, arguments->slots);
  add_container_options(*command, arguments->container);
  command->add_flag("--verbose", arguments->options.verbose,
                    "Show the daemons' logs here instead of writing them to DIR/logs");
  command->callback([&action, arguments] { action = [arguments] { return run_up(*arguments); }; });
}

void add_manager_command(CLI::App& root, std::function<int()>& action) {
  CLI::App* command =
      root.add_subcommand("manager", "Run the manager alone: applications, API, web IDE, history.");
  command->footer(
      "Example:\n  am manager --data /var/lib/am --listen 0.0.0.0:8080 --secret-file /etc/am/secret");
  auto arguments = std::make_shared<ManagerArguments>();
  add_data_option(*command, arguments->options.data_dir);
  command
      ->add_option("--listen", arguments->listen,
                   "Where the web IDE and the API are served; port 0 picks one")
      ->type_name("HOST:PORT")
      ->capture_default_str();
  command->add_option("--ipc-listen", arguments->ipc_listen, "Where hypervisors dial in; port 0 picks one")
      ->type_name("HOST:PORT")
      ->capture_default_str();
  command
      ->add_option("--secret-file", arguments->options.secret_file,
                   "A secret that every hypervisor must know (DIR/secret, made when missing)")
      ->type_name("FILE");
  command
      ->add_option(
          "--web-dir", arguments->options.web_dir,
          "The web IDE's files (build/web beside this program, or PREFIX/share/application-manager/web)")
      ->type_name("DIR");
  command
      ->add_option("--ready-file", arguments->options.ready_file,
                   "Write the addresses and the token there when ready")
      ->type_name("FILE");
  command->callback([&action, arguments] { action = [arguments] { return run_manager(*arguments); }; });
}

CLI::App* add_hypervisor_command(CLI::App& root, std::function<int()>& action) {
  CLI::App* command = root.add_subcommand(
      "hypervisor", "Run a hypervisor alone: it dials a manager and runs the tasks that it is given.");
  command->footer(
      "Example:\n  am hypervisor --data /var/lib/am-hv --manager am.example:18563 --secret-file "
      "/etc/am/secret");
  auto arguments = std::make_shared<HypervisorArguments>();
  hypervisor::HypervisorOptions& options = arguments->options;
  add_data_option(*command, options.data_dir);
  command
      ->add_option("--sources", options.sources_dir,
                   "The applications' files, shared with the manager (DIR/sources)")
      ->type_name("DIR");
  command->add_option("--workdirs", options.workdirs_dir, "The tasks' working folders (DIR/workdirs)")
      ->type_name("DIR");
  command->add_option("--venvs", options.venvs_dir, "The virtual environments (DIR/venvs)")->type_name("DIR");
  command->add_option("--manager", arguments->manager, "The manager's IPC address")
      ->type_name("HOST:PORT")
      ->capture_default_str();
  command->add_option("--secret-file", options.secret_file, "The secret shared with the manager (DIR/secret)")
      ->type_name("FILE");
  command->add_option("--listen", arguments->listen, "Where the bridge to tasks and their output are served")
      ->type_name("HOST:PORT")
      ->capture_default_str();
  command
      ->add_option("--advertise-host", options.advertise_host,
                   "The host by which the manager reaches --listen (the address that it sees)")
      ->type_name("HOST");
  command->add_option("--name", options.name, "Its name for people (the machine's)")->type_name("N");
  command->add_option("--capacity", options.capacity, "Tasks at the same time")
      ->type_name("N")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command
      ->add_option("--process-limit", options.process_limit, "Processes and threads of one task; more end it")
      ->type_name("N")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command
      ->add_option("--descriptor-limit", options.descriptor_limit,
                   "Open descriptors of each process of a task")
      ->type_name("N")
      ->check(CLI::Range(64, 1'000'000))
      ->capture_default_str();
  add_slot_options(*command, options.slots);
  add_container_options(*command, arguments->container);
  command
      ->add_option(
          "--allow-origin", options.allowed_origins,
          "A web page's origin that may connect to tasks (https://example.org, * for all); repeatable")
      ->type_name("ORIGIN");
  command->add_option("--ready-file", options.ready_file, "Written each time the manager has welcomed it")
      ->type_name("FILE");
  command->add_flag(
      "--stop-tasks-on-exit", options.stop_tasks_on_exit,
      "On SIGTERM stop the tasks too; without it they go on and the next hypervisor takes them back");
  // `am hypervisor list` has its own action, set before this one.
  command->callback([&action, arguments] {
    if (!action) action = [arguments] { return run_hypervisor(*arguments); };
  });
  return command;
}

}  // namespace am::app
