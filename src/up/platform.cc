#include "up/platform.h"

#include <spdlog/spdlog.h>

#include "base/files.h"
#include "base/random.h"
#include "loop/first_of.h"
#include "net/http_client.h"

namespace am::up {
namespace {

constexpr std::chrono::seconds kStopPatience{30};
constexpr std::chrono::seconds kWelcomePatience{30};

bool is_wildcard(const std::string& host) { return host == "0.0.0.0" || host == "::"; }

std::string secret_file(const UpOptions& options) { return options.data + "/secret"; }

DaemonSpec daemon_spec(const UpOptions& options, const std::string& name, int lock_fd) {
  return {.name = name,
          .folder = options.data + "/up",
          .log = options.verbose ? std::string() : options.data + "/logs/" + name + ".log",
          .lock_fd = lock_fd};
}

Result<std::string> text_fact(const Daemon& daemon, const json::object& facts, std::string_view name) {
  const auto* value = facts.if_contains(name);
  if (value != nullptr && value->is_string()) return std::string(value->get_string());
  return fail(ErrorCode::internal, "the ready file of am {} has no text \"{}\"", daemon.name(), name);
}

Result<std::uint16_t> port_fact(const Daemon& daemon, const json::object& facts, std::string_view name) {
  const auto* value = facts.if_contains(name);
  boost::system::error_code no_number;
  const auto port = value != nullptr ? value->to_number<std::uint16_t>(no_number) : std::uint16_t{0};
  if (port != 0 && !no_number) return port;
  return fail(ErrorCode::internal, "the ready file of am {} has no port \"{}\"", daemon.name(), name);
}

}  // namespace

Result<void> prepare_data(const std::string& data) {
  for (const auto& [folder, mode] :
       {std::pair{data, 0700U}, std::pair{data + "/up", 0700U}, std::pair{data + "/logs", 0700U}}) {
    if (auto made = make_folders(folder, mode); !made) return made;
  }
  const std::string file = data + "/secret";
  const auto secret = read_file(file);
  if (secret || secret.error().code != ErrorCode::not_found) {
    return secret ? Result<void>() : Result<void>(pass_on(secret));
  }
  return write_file_atomically(file, random_secret() + "\n", 0600);
}

Platform::Platform(asio::any_io_executor executor, UpOptions options, int lock_fd)
    : options_(std::move(options)),
      manager_(executor, daemon_spec(options_, "manager", lock_fd)),
      hypervisor_(executor, daemon_spec(options_, "hypervisor", lock_fd)) {}

Awaitable<Result<void>> Platform::start_manager() {
  const HostPort ipc{"127.0.0.1", options_.ipc_port};
  std::vector<std::string> arguments = {
      "--data",       options_.data,  "--listen",      to_string(options_.listen),
      "--ipc-listen", to_string(ipc), "--secret-file", secret_file(options_)};
  const auto facts = co_await manager_.start(std::move(arguments));
  if (!facts) co_return pass_on(facts);
  const auto url = text_fact(manager_, *facts, "url");
  const auto token = text_fact(manager_, *facts, "token");
  const auto ipc_port = port_fact(manager_, *facts, "ipcPort");
  if (!url) co_return pass_on(url);
  if (!token) co_return pass_on(token);
  if (!ipc_port) co_return pass_on(ipc_port);
  const auto address = net::parse_url(*url);
  if (!address) co_return pass_on(address);
  url_ = *url;
  token_ = *token;
  options_.ipc_port = *ipc_port;
  options_.listen.port = address->port;
  co_return Result<void>();
}

Awaitable<Result<void>> Platform::restart_manager() {
  // Before the start: the new manager may welcome it at once.
  if (auto forgotten = hypervisor_.forget_ready(); !forgotten) co_return forgotten;
  auto started = co_await start_manager();
  if (started && hypervisor_.running()) {
    const auto first = co_await first_of(hypervisor_.ready_again(kWelcomePatience), manager_.ended());
    if (!manager_.running()) {  // whichever came first: its end is seen only once
      const auto* status = std::get_if<process::ExitStatus>(&first);
      co_return fail(ErrorCode::unavailable, "am {} ended with {}{}", manager_.name(),
                     status != nullptr ? exit_words(*status) : "an unknown status", manager_.last_words());
    }
    if (!std::get<bool>(first))
      spdlog::warn("the hypervisor has not come back to the manager within {} s", kWelcomePatience.count());
  }
  co_return started;
}

Awaitable<Result<void>> Platform::start_hypervisor() {
  const HostPort manager{"127.0.0.1", options_.ipc_port};
  const HostPort listen{options_.listen.host, options_.resource_port};
  std::vector<std::string> arguments = {"--data",           options_.data,     "--manager",
                                        to_string(manager), "--secret-file",   secret_file(options_),
                                        "--listen",         to_string(listen), "--stop-tasks-on-exit"};
  // The manager sees the hypervisor come from loopback, where a server on another address does not listen.
  if (!is_wildcard(listen.host)) arguments.insert(arguments.end(), {"--advertise-host", listen.host});
  for (const std::string& origin : options_.allowed_origins) {
    arguments.insert(arguments.end(), {"--allow-origin", origin});
  }
  arguments.insert(arguments.end(), options_.hypervisor_arguments.begin(),
                   options_.hypervisor_arguments.end());
  const auto facts = co_await hypervisor_.start(std::move(arguments));
  if (!facts) co_return pass_on(facts);
  const auto port = port_fact(hypervisor_, *facts, "resourcePort");
  if (!port) co_return pass_on(port);
  options_.resource_port = *port;
  co_return Result<void>();
}

Awaitable<> Platform::stop() {
  co_await hypervisor_.stop(kStopPatience);
  co_await manager_.stop(kStopPatience);
}

Result<void> Platform::publish() const {
  if (options_.ready_file.empty() || !manager_.running() || !hypervisor_.running()) return {};
  const json::object facts = {{"url", url_},
                              {"token", token_},
                              {"ipcPort", options_.ipc_port},
                              {"resourcePort", options_.resource_port},
                              {"managerPid", manager_.pid()},
                              {"hypervisorPid", hypervisor_.pid()}};
  return write_file_atomically(options_.ready_file, json::serialize(facts) + "\n", 0600);
}

Awaitable<Result<std::string>> Platform::sign_in_link() {
  const auto address = net::parse_url(url_);
  if (!address) co_return pass_on(address);
  net::HttpClient client(co_await asio::this_coro::executor, address->host, address->port);
  net::Headers headers;
  headers.set("Authorization", "Bearer " + token_);
  const std::string target = address->path_prefix + "/api/v1/sign-in-links";
  const auto answer = co_await client.fetch("POST", target, headers, std::string());
  if (!answer) co_return pass_on(answer);
  boost::system::error_code malformed;
  const json::value body = json::parse(answer->body, malformed);
  const json::value* link = body.is_object() ? body.get_object().if_contains("url") : nullptr;
  if (answer->status >= 400 || link == nullptr || !link->is_string()) {
    co_return fail(ErrorCode::internal, "the manager gave no sign-in link (status {})", answer->status);
  }
  co_return std::string(link->get_string());
}

}  // namespace am::up
