#include "hypervisor/hypervisor.h"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <csignal>
#include <set>

#include "base/files.h"
#include "base/random.h"
#include "hypervisor/bridge_connector.h"
#include "hypervisor/bridge_routes.h"
#include "hypervisor/data_folder.h"
#include "hypervisor/installation.h"
#include "hypervisor/manager_link.h"
#include "hypervisor/output_routes.h"
#include "hypervisor/task_place.h"
#include "hypervisor/task_sockets.h"
#include "hypervisor/tasks.h"
#include "hypervisor/text_answers.h"
#include "hypervisor/usage_routes.h"
#include "loop/backoff.h"
#include "loop/first_of.h"
#include "loop/signals.h"
#include "net/http_server.h"
#include "net/http_status.h"
#include "process/cgroup.h"

namespace am::hypervisor {
namespace {

using namespace std::chrono_literals;

constexpr auto kStopTasksFor = 20s;  // TERM, grace, KILL, with room for a slow machine
// Where the guide's examples look for the bridge, whatever port it has on the machine.
constexpr std::uint16_t kBridgePortInside = 18564;
constexpr auto kReportEndsFor = 5s;

std::string machine_name() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "hypervisor";
}

net::HttpServer::Options server_options(const HypervisorOptions& options, const std::string& token) {
  net::HttpServer::Options server;
  server.host = options.listen_host;
  server.port = options.listen_port;
  server.error_answer = [](unsigned status, const Error& error) { return refusal(status, error); };
  server.status_of = [](const Error& error) { return net::http_status(error.code); };
  server.guard = [token](const net::Route& route, net::Request& request) -> Result<void> {
    if (route.public_access) return {};
    const auto given = request.headers.find("Authorization");
    if (given && equal_in_constant_time(*given, "Bearer " + token)) return {};
    return fail(ErrorCode::unauthenticated, "this port serves the manager; a token is needed");
  };
  server.on_fault = [](const std::string& message) { spdlog::error("http: {}", message); };
  return server;
}

void write_ready_file(const HypervisorOptions& options, std::uint16_t port) {
  if (options.ready_file.empty()) return;
  const std::string content =
      boost::json::serialize(boost::json::object{{"resourcePort", port}, {"hypervisorPid", ::getpid()}});
  if (auto written = write_file_atomically(options.ready_file, content); !written) {
    spdlog::error("{}", written.error().message);
  }
}

// Everything that lives as long as the daemon.
class Hypervisor {
 public:
  Hypervisor(asio::io_context& io, const HypervisorOptions& options)
      : io_(io),
        options_(options),
        signals_(io.get_executor()),
        group_(io.get_executor(), [](const std::string& name, const std::string& what) {
          spdlog::error("{} failed: {}", name, what);
        }) {}

  Result<void> start();
  Awaitable<> run();
  // After a start that failed.
  void give_back() const { process::remove_cgroups(cgroups_); }

 private:
  std::vector<TaskGroup::CancelHandle> serve_inside();
  Awaitable<> keep_container();

  asio::io_context& io_;
  const HypervisorOptions& options_;
  StopSignals signals_;  // from the beginning: a stop during the start stops the tasks of the last life, too
  TaskGroup group_;
  UniqueFd lock_;
  process::CgroupFolders cgroups_;
  std::unique_ptr<TaskHost> host_;  // nothing: tasks run on the machine itself
  std::optional<Observers> observers_;
  std::optional<Slots> slots_;
  std::optional<Tasks> tasks_;
  std::unique_ptr<net::HttpServer> server_;
  std::optional<ManagerLink> link_;
  std::optional<BridgeConnector> bridge_;
  std::optional<TaskSockets> sockets_;
};

Result<void> Hypervisor::start() {
  const auto installation = find_installation();
  if (!installation) return pass_on(installation);
  const auto places = prepare_places(options_, *installation);
  if (!places) return pass_on(places);
  const std::string run_dir = options_.data_dir + "/run";
  auto lock = lock_data(run_dir);
  if (!lock) return pass_on(lock);
  lock_ = std::move(*lock);
  const auto id = own_id(run_dir);
  if (!id) return pass_on(id);
  const auto secret = read_secret(options_);
  if (!secret) return pass_on(secret);

  const process::CgroupSupport cgroups = process::prepare_cgroups("am-" + id->substr(0, 8));
  spdlog::info("limits by {}", cgroups.description);
  cgroups_ = cgroups.folders;
  auto host = open_task_place(io_.get_executor(), options_, *installation, *places, cgroups_);
  if (!host) return pass_on(host);
  host_ = std::move(*host);
  TaskDefaults defaults;
  defaults.host = host_.get();
  defaults.descriptor_limit = options_.descriptor_limit;
  defaults.sources_writable = options_.sources_writable;
  defaults.process_limit = options_.process_limit;
  defaults.cgroups = cgroups_;
  defaults.environment = passed_on_environment();
  observers_.emplace(io_.get_executor(), group_, installation->observer, places->tasks,
                     places->tasks + "/observers.log");
  tasks_.emplace(io_.get_executor(), group_, *places, std::move(defaults), *observers_);

  LinkOptions link;
  link.host = options_.manager_host;
  link.port = options_.manager_port;
  link.secret = *secret;
  link.hypervisor_id = *id;
  link.name = options_.name.empty() ? machine_name() : options_.name;
  link.capacity = options_.capacity;
  link.http_host = options_.advertise_host;
  link.http_token = random_secret();
  link.venvs = look_at_venvs(*places, *installation, host_.get(), cgroups_);
  const std::string token = link.http_token;
  link_.emplace(io_.get_executor(), std::move(link), *tasks_,
                [this] { write_ready_file(options_, server_->port()); });
  bridge_.emplace(io_.get_executor(), *tasks_, *link_);
  sockets_.emplace(io_.get_executor(), group_, *link_, *bridge_, cgroups_);
  slots_.emplace(io_.get_executor(), *places, *observers_, options_.slots);
  tasks_->set_slots(&*slots_);
  tasks_->set_listener(&*link_);
  tasks_->set_doors(&*sockets_);

  net::Router router;
  add_output_routes(router, *tasks_);
  add_usage_routes(router, *tasks_, cgroups_);
  add_bridge_routes(router, *bridge_, options_.allowed_origins);
  auto server =
      net::HttpServer::listen(io_.get_executor(), server_options(options_, token), std::move(router));
  if (!server) return pass_on(server);
  server_ = std::move(*server);
  tasks_->set_resource_port(server_->port());
  link_->set_http_port(server_->port());
  if (auto recovered = tasks_->recover(); !recovered) return recovered;
  if (host_ && tasks_->open_count() == 0) host_->end_former();
  return {};
}

// The bridge on the container's own loopback, where the guide's examples have it and where
// RESOURCE_SERVER_LOCAL_PORT says.
std::vector<TaskGroup::CancelHandle> Hypervisor::serve_inside() {
  std::vector<TaskGroup::CancelHandle> serving;
  for (const std::uint16_t port : std::set{kBridgePortInside, server_->port()}) {
    auto listening = host_->listen_inside(port);
    if (listening) {
      serving.push_back(group_.spawn("bridge inside", server_->accept_from(std::move(*listening))));
    } else {
      spdlog::error("tasks cannot reach the bridge: {}", listening.error().message);
    }
  }
  return serving;
}

// Makes a new container when somebody ends this one.
Awaitable<> Hypervisor::keep_container() {
  asio::steady_timer pause(io_);
  for (;;) {
    const auto serving = serve_inside();
    co_await host_->watch();
    spdlog::error("the task container was ended from outside, and the tasks in it; making a new one");
    for (const auto& handle : serving) {
      if (const auto signal = handle.lock()) signal->emit(asio::cancellation_type::terminal);
    }
    Backoff backoff(100ms, 10s);
    for (auto made = host_->reopen(); !made; made = host_->reopen()) {
      spdlog::error("no task can start: {}", made.error().message);
      pause.expires_after(backoff.next());
      co_await pause.async_wait(asio::use_awaitable);
    }
    spdlog::info("{}", host_->description());
  }
}

Awaitable<> Hypervisor::run() {
  group_.spawn("http server", server_->run());
  if (host_) group_.spawn("task container", keep_container());
  slots_->start(group_, tasks_->defaults());
  group_.spawn("manager link", link_->run());
  const int signal = co_await signals_.next();
  spdlog::info(
      "{}: {}", signal_name(signal),
      options_.stop_tasks_on_exit ? "stopping the tasks" : "leaving the tasks to the next hypervisor");
  if (options_.stop_tasks_on_exit) {
    asio::steady_timer deadline(io_.get_executor(), kStopTasksFor);
    co_await first_of(tasks_->stop_all("the platform's shutdown"), deadline.async_wait(asio::use_awaitable));
    co_await link_->flush(kReportEndsFor);
  }
  group_.cancel();
  co_await server_->stop();
  co_await group_.drain();
  co_await slots_->stop();
  co_await observers_->stop();
  // Nobody is left to come back for it.
  if (host_ && tasks_->open_count() == 0) host_->end();
  process::remove_cgroups(cgroups_);
}

}  // namespace

int run_hypervisor(const HypervisorOptions& options) {
  std::signal(SIGPIPE, SIG_IGN);
  asio::io_context io(1);
  Hypervisor hypervisor(io, options);
  if (const auto started = hypervisor.start(); !started) {
    spdlog::critical("{}", started.error().message);
    hypervisor.give_back();
    return 1;
  }
  int exit_code = 0;
  asio::co_spawn(io, hypervisor.run(), [&exit_code](const std::exception_ptr& failure) {
    if (!failure) return;
    exit_code = 1;
    try {
      std::rethrow_exception(failure);
    } catch (const std::exception& what) {
      spdlog::critical("{}", what.what());
    }
  });
  io.run();
  return exit_code;
}

}  // namespace am::hypervisor
