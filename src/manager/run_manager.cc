#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <array>
#include <boost/algorithm/string/case_conv.hpp>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <optional>

#include "base/files.h"
#include "loop/signals.h"
#include "manager/json.h"
#include "manager/manager.h"
#include "manager/params.h"

namespace am::manager {
namespace {

constexpr int kUsageFailure = 2;
constexpr int kFailure = 1;

std::optional<std::string> variable(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): no other thread yet
  if (value == nullptr) return std::nullopt;
  return value;
}

// "a.example, B.example" -> {"a.example", "b.example"}
std::vector<std::string> split_names(std::string_view text) {
  std::vector<std::string> names;
  std::string name;
  for (const char c : text) {
    if (c != ',' && c != ' ') {
      name += c;
    } else if (!name.empty()) {
      names.push_back(std::exchange(name, {}));
    }
  }
  if (!name.empty()) names.push_back(name);
  for (std::string& one : names) boost::algorithm::to_lower(one);
  return names;
}

// A whole number above 0 of the environment, or `otherwise`.
Result<std::size_t> positive_number(const char* name, const std::optional<std::string>& text,
                                    std::size_t otherwise) {
  if (!text || text->empty()) return otherwise;
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc() || end != text->data() + text->size() || number == 0) {
    return fail(ErrorCode::invalid_argument, "{}: must be a whole number above 0, not \"{}\"", name, *text);
  }
  return number;
}

std::vector<std::string> own_names() {
  std::vector<std::string> names = split_names(variable("AM_ALLOWED_HOSTS").value_or(""));
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) == 0 && host[0] != '\0') {
    names.push_back(boost::algorithm::to_lower_copy(std::string(host.data())));
  }
  return names;
}

Result<void> announce(const Manager& manager, const ManagerOptions& options) {
  const std::string endpoint_file = options.data_dir + "/manager/endpoint.json";
  if (auto written = write_endpoint_file(endpoint_file, manager.endpoint()); !written) return written;
  if (options.ready_file.empty()) return {};
  return write_endpoint_file(options.ready_file, manager.endpoint());
}

Awaitable<int> serve(Manager& manager, const ManagerOptions& options) {
  StopSignals signals(co_await asio::this_coro::executor);
  manager.start();
  int code = 0;
  if (auto announced = announce(manager, options); announced) {
    spdlog::info("manager {} listens on {}, for hypervisors on {}:{}", AM_VERSION, manager.endpoint().url,
                 options.ipc_host, manager.endpoint().ipc_port);
    const int number = co_await signals.next();
    spdlog::info("manager stops after signal {}", number);
  } else {
    spdlog::error("{}", announced.error().message);
    code = kFailure;
  }
  co_await manager.stop();
  co_return code;
}

}  // namespace

Result<void> write_endpoint_file(const std::string& file, const ManagerEndpoint& endpoint) {
  const json::object object{{"url", endpoint.url},
                            {"token", endpoint.token},
                            {"ipcPort", endpoint.ipc_port},
                            {"managerPid", ::getpid()}};
  return write_file_atomically(file, json::serialize(object) + "\n", 0600);
}

int run_manager(ManagerOptions options) {
  spdlog::set_default_logger(spdlog::stderr_color_mt("manager"));
  const auto limits =
      default_limits(variable("DEFAULT_TASK_TIMEOUT_SEC"), variable("DEFAULT_TASK_MAX_MEMORY_MB"));
  if (!limits) {
    spdlog::error("{}", limits.error().message);
    return kUsageFailure;
  }
  options.default_limits = *limits;
  for (const auto& [name, into] : {std::pair("AM_MAX_CHILD_DEPTH", &options.children.depth),
                                   std::pair("AM_MAX_CHILD_TASKS", &options.children.count)}) {
    const auto number = positive_number(name, variable(name), *into);
    if (!number) {
      spdlog::error("{}", number.error().message);
      return kUsageFailure;
    }
    *into = *number;
  }
  for (std::string& name : own_names()) options.allowed_hosts.push_back(std::move(name));

  // A reader that goes away is an error of its write, not the end of the process.
  if (std::signal(SIGPIPE, SIG_IGN) == SIG_ERR) spdlog::warn("SIGPIPE could not be ignored");
  asio::io_context loop(1);
  auto manager = Manager::create(loop.get_executor(), options);
  if (!manager) {
    spdlog::error("{}", manager.error().message);
    return manager.error().code == ErrorCode::invalid_argument ? kUsageFailure : kFailure;
  }
  int code = kFailure;
  asio::co_spawn(loop, serve(**manager, options), [&code](const std::exception_ptr& fault, int result) {
    if (fault) std::rethrow_exception(fault);
    code = result;
  });
  try {
    loop.run();
  } catch (const std::exception& fault) {
    spdlog::critical("manager failed: {}", fault.what());
  }
  return code;
}

}  // namespace am::manager
