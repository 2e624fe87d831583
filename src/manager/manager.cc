#include "manager/manager.h"

#include <spdlog/spdlog.h>

#include "base/random.h"
#include "loop/blocking_pool.h"
#include "loop/task_group.h"
#include "manager/account_routes.h"
#include "manager/application_routes.h"
#include "manager/auth.h"
#include "manager/events.h"
#include "manager/file_routes.h"
#include "manager/http_errors.h"
#include "manager/hypervisor_hub.h"
#include "manager/manager_folder.h"
#include "manager/output_relay.h"
#include "manager/pages.h"
#include "manager/request_guard.h"
#include "manager/service_routes.h"
#include "manager/socket_routes.h"
#include "manager/talk_routes.h"
#include "manager/task_json.h"
#include "manager/task_messages.h"
#include "manager/task_reconciler.h"
#include "manager/task_requests.h"
#include "manager/task_routes.h"
#include "manager/task_service.h"
#include "manager/web_routes.h"
#include "net/http_server.h"

namespace am::manager {
namespace {

// Files and archives; two disks' worth of waiting does not keep a third request from the loop.
constexpr unsigned kPoolThreads = 4;

// "127.0.0.1" of "0.0.0.0": what a client on this machine connects to.
std::string reachable_host(const std::string& listen_host) {
  if (listen_host == "0.0.0.0") return "127.0.0.1";
  if (listen_host == "::") return "[::1]";
  return listen_host.find(':') == std::string::npos ? listen_host : "[" + listen_host + "]";
}

void log_failure(const std::string& name, const std::string& what) { spdlog::error("{}: {}", name, what); }

}  // namespace

// In the order of construction: each part may use those above it.
class Manager::Impl {
 public:
  Impl(const asio::any_io_executor& executor, ManagerOptions options, ManagerFolder folder,
       std::unique_ptr<storage::Database> database)
      : executor_(executor),
        options_(std::move(options)),
        folder_(std::move(folder)),
        database_(std::move(database)),
        background_(executor, log_failure) {}

  Result<void> set_up() {
    content_events_.listen([this](const ContentChange& change) { tell_content(change); });
    auto applications = Applications::open(store_, pool_, content_events_, folder_.sources());
    if (!applications) return pass_on(applications);
    applications_ = *std::move(applications);
    content_ = std::make_unique<ApplicationContent>(store_, *applications_, pool_, content_events_);
    auto token = folder_.local_token(accounts_);
    if (!token) return pass_on(token);
    endpoint_.token = *std::move(token);
    if (auto ready = set_up_tasks(); !ready) return ready;
    return set_up_server();
  }

  void start() {
    background_.spawn("hypervisor hub", hub_->run(*reconciler_, task_requests_.get()));
    background_.spawn("hypervisor events", tell_hypervisors());
    background_.spawn("hypervisor clients", clients_->run());
    background_.spawn("http server", server_->run());
  }

  Awaitable<> stop() {
    if (server_) co_await server_->stop();
    if (relay_) co_await relay_->stop();
    if (task_requests_) co_await task_requests_->stop();
    if (hub_) co_await hub_->stop();
    background_.cancel();
    co_await background_.drain();
  }

  [[nodiscard]] const ManagerEndpoint& endpoint() const { return endpoint_; }
  [[nodiscard]] const std::vector<std::string>& route_names() const { return route_names_; }

 private:
  Result<void> set_up_tasks() {
    auto secret = folder_.ipc_secret(options_.secret_file);
    if (!secret) return pass_on(secret);
    auto id = folder_.manager_id();
    if (!id) return pass_on(id);
    auto hub = HypervisorHub::listen(executor_, {.host = options_.ipc_host,
                                                 .port = options_.ipc_port,
                                                 .link = {.secret = *std::move(secret),
                                                          .manager_id = *std::move(id),
                                                          .socket_token = socket_token_}});
    if (!hub) return pass_on(hub);
    hub_ = *std::move(hub);
    endpoint_.ipc_port = hub_->port();
    tasks_ = std::make_unique<TaskService>(executor_,
                                           TaskService::Options{.sources = folder_.sources(),
                                                                .default_limits = options_.default_limits,
                                                                .children = options_.children},
                                           task_store_, store_, accounts_, *hub_, placement_);
    reconciler_ = std::make_unique<TaskReconciler>(*tasks_, *hub_);
    clients_ = std::make_unique<HypervisorClients>(executor_, *hub_);
    relay_ = std::make_unique<OutputRelay>(
        OutputSources{.executor = executor_, .tasks = *tasks_, .hypervisors = *hub_, .clients = *clients_});
    messages_ = std::make_unique<TaskMessages>(message_store_, tasks_->open(), *hub_);
    task_requests_ = std::make_unique<TaskRequests>(executor_, *tasks_, *messages_, accounts_, *hub_);
    tasks_->set_hooks({.changed = [this](const std::string& pid) { tell_task(pid); },
                       .handed_over = [this](const OpenTask& task) { messages_->on_handed_over(task); },
                       .closed = [this](const std::string& pid) { messages_->on_closed(pid); }});
    if (auto loaded = tasks_->load(); !loaded) return loaded;
    return messages_->load();
  }

  void tell_task(const std::string& pid) {
    if (!events_.wanted()) return;
    // A store that fails says so to whoever changed the task; the browser asks again by itself.
    if (const auto row = tasks_->show(pid)) events_.publish({{"type", "task"}, {"task", task_json(*row)}});
  }

  void tell_content(const ContentChange& change) {
    if (!events_.wanted()) return;
    if (change.kind == ContentChange::Kind::applications) return events_.publish({{"type", "applications"}});
    events_.publish({{"type", "files"}, {"applicationId", change.application_id}});
  }

  Awaitable<> tell_hypervisors() {
    for (;;) {
      co_await hub_->changed().changed_since(hub_->changed().version());
      events_.publish({{"type", "hypervisors"}});
    }
  }

  Result<void> set_up_server() {
    net::Router router;
    add_page_routes(router, auth_);
    add_web_routes(router, web_files_, pool_);
    add_application_routes(router, store_, *applications_, pool_, folder_.path("tmp"));
    add_file_routes(router, store_, *content_, pool_, folder_.path("tmp"));
    add_file_operation_routes(router, store_, *content_);
    add_script_routes(router, store_, *content_);
    add_account_routes(router, accounts_, auth_);
    add_task_routes(router, *tasks_, *hub_, *relay_);
    add_talk_routes(router, *tasks_, *messages_, *hub_, *clients_);
    add_socket_routes(router, auth_, *tasks_, *hub_, socket_token_);
    add_event_routes(router, events_);
    add_service_routes(router, probes());
    for (const net::Route& route : router.routes())
      route_names_.push_back(route.method + " " + route.pattern);

    RequestGuard guard(auth_, options_.allowed_hosts);
    auto server = net::HttpServer::listen(
        executor_,
        {.host = options_.listen_host,
         .port = options_.listen_port,
         .limits = {},
         .error_answer = [](unsigned status, const Error& error) { return error_response(status, error); },
         .guard =
             [this, guard](const net::Route& route, net::Request& request) mutable {
               ++requests_;
               return guard(route, request);
             },
         .status_of = [](const Error& error) { return http_status(error.code); },
         .on_fault = [](const std::string& message) { spdlog::error("http: {}", message); }},
        std::move(router));
    if (!server) return pass_on(server);
    server_ = *std::move(server);
    hub_->set_http_port(server_->port());
    endpoint_.url = fmt::format("http://{}:{}", reachable_host(options_.listen_host), server_->port());
    return {};
  }

  ServiceProbes probes() {
    return {.check_store = [this]() -> Result<void> {
              const auto count = store_.count();
              if (!count) return pass_on(count);
              return {};
            },
            .hypervisors = [this] { return hub_->connected().size(); },
            .write_metrics = [this](MetricsPage& page) { write_metrics(page); }};
  }

  void write_metrics(MetricsPage& page) {
    page.counter("am_http_requests_total", "Requests since the start.", static_cast<double>(requests_));
    page.gauge("am_http_connections", "Open HTTP connections.", static_cast<double>(server_->connections()));
    page.gauge("am_applications", "Applications.", static_cast<double>(store_.count().value_or(0)));
    add_task_metrics(page, tasks_->metrics());
  }

  asio::any_io_executor executor_;
  ManagerOptions options_;
  ManagerFolder folder_;
  std::unique_ptr<storage::Database> database_;
  storage::ApplicationStore store_{*database_};
  storage::AccountStore accounts_{*database_};
  storage::TaskStore task_store_{*database_};
  storage::MessageStore message_store_{*database_};
  BlockingPool pool_{kPoolThreads};
  Auth auth_{accounts_};
  WebFiles web_files_{options_.web_dir.empty() ? installed_web_folder() : options_.web_dir};
  ContentEvents content_events_;
  std::unique_ptr<Applications> applications_;
  std::unique_ptr<ApplicationContent> content_;
  Events events_{executor_};
  const std::string socket_token_ = random_secret();
  LeastLoaded placement_;
  std::unique_ptr<HypervisorHub> hub_;
  std::unique_ptr<TaskService> tasks_;
  std::unique_ptr<TaskMessages> messages_;
  std::unique_ptr<TaskRequests> task_requests_;
  std::unique_ptr<TaskReconciler> reconciler_;
  std::unique_ptr<HypervisorClients> clients_;
  std::unique_ptr<OutputRelay> relay_;
  std::unique_ptr<net::HttpServer> server_;
  TaskGroup background_;
  ManagerEndpoint endpoint_;
  std::vector<std::string> route_names_;
  std::uint64_t requests_ = 0;
};

Result<std::unique_ptr<Manager>> Manager::create(asio::any_io_executor executor, ManagerOptions options) {
  if (!options.web_dir.empty() && !WebFiles(options.web_dir).built()) {
    return fail(ErrorCode::invalid_argument, "--web-dir: there is no index.html in {}", options.web_dir);
  }
  auto folder = ManagerFolder::open(options.data_dir);
  if (!folder) return pass_on(folder);
  auto database = storage::Database::open(folder->path("am.db"));
  if (!database) return pass_on(database);
  auto impl = std::make_unique<Impl>(executor, std::move(options), *std::move(folder), *std::move(database));
  if (auto ready = impl->set_up(); !ready) return pass_on(ready);
  return std::unique_ptr<Manager>(new Manager(std::move(impl)));
}

Manager::Manager(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Manager::~Manager() = default;

const ManagerEndpoint& Manager::endpoint() const { return impl_->endpoint(); }
const std::vector<std::string>& Manager::route_names() const { return impl_->route_names(); }
void Manager::start() { impl_->start(); }
Awaitable<> Manager::stop() { return impl_->stop(); }

}  // namespace am::manager
