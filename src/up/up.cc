#include "up/up.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>

#include "base/files.h"
#include "loop/first_of.h"
#include "up/data_lock.h"
#include "up/supervisor.h"

namespace am::up {
namespace {

constexpr int kExitError = 1;
constexpr int kExitUsage = 2;

// A terminal that is closed asks us to stop too, unless nohup(1) said otherwise.
bool hang_up_is_ignored() {
  struct sigaction action{};
  ::sigaction(SIGHUP, nullptr, &action);
  return action.sa_handler == SIG_IGN;
}

Awaitable<Result<void>> start_all(Platform& platform) {
  auto manager = co_await platform.start_manager();
  if (!manager) co_return manager;
  auto hypervisor = co_await platform.start_hypervisor();
  co_return hypervisor;
}

Awaitable<Result<void>> announce(Platform& platform, DataLock& lock) {
  const auto link = co_await platform.sign_in_link();
  if (!link) co_return pass_on(link);
  if (auto described = lock.describe(platform.url()); !described) co_return described;
  if (auto published = platform.publish(); !published) co_return published;
  const std::string line = fmt::format("Application Manager is at {}; sign in: {}\n", platform.url(), *link);
  // A closed stdout is no reason to stop: the daemons and the ready file serve without it.
  if (const auto printed = write_all(STDOUT_FILENO, line); !printed)
    spdlog::warn("{}", printed.error().message);
  co_return Result<void>();
}

// From the first start to the moment when it has to end; the error says why, nothing means a signal.
Awaitable<Result<void>> serve(Platform& platform, DataLock& lock) {
  auto started = co_await start_all(platform);
  if (!started) co_return started;
  auto announced = co_await announce(platform, lock);
  if (!announced) co_return announced;
  Supervisor supervisor(co_await asio::this_coro::executor, platform);
  auto failed = co_await supervisor.run();
  co_return failed;
}

Awaitable<Result<void>> run(Platform& platform, DataLock& lock) {
  asio::signal_set signals(co_await asio::this_coro::executor, SIGINT, SIGTERM);
  if (!hang_up_is_ignored()) signals.add(SIGHUP);
  const auto first = co_await first_of(serve(platform, lock), signals.async_wait(asio::use_awaitable));
  co_await platform.stop();
  if (first.index() == 0) co_return std::get<0>(first);
  co_return Result<void>();
}

int report(const Error& error) {
  fmt::print(stderr, "am: {}\n", error.message);
  return error.code == ErrorCode::invalid_argument ? kExitUsage : kExitError;
}

Result<void> make_absolute(std::string& path) {
  if (path.empty()) return {};
  std::error_code error;
  path = std::filesystem::absolute(path, error).lexically_normal().string();
  if (error) return fail_errno(error.value(), "cannot resolve {}", path);
  return {};
}

Result<void> remove_ready_file(const std::string& file) {
  if (file.empty() || ::unlink(file.c_str()) == 0 || errno == ENOENT) return {};
  return fail_errno(errno, "--ready-file: cannot remove {}", file);
}

}  // namespace

int run_up(UpOptions options) {
  spdlog::set_default_logger(spdlog::stderr_color_mt("up"));
  std::signal(SIGPIPE, SIG_IGN);  // a closed stdout or stderr must not end the daemons
  for (std::string* path : {&options.data, &options.ready_file}) {
    if (const auto absolute = make_absolute(*path); !absolute) return report(absolute.error());
  }
  if (const auto prepared = prepare_data(options.data); !prepared) return report(prepared.error());
  auto lock = DataLock::take(options.data);
  if (!lock) return report(lock.error());
  if (const auto removed = remove_ready_file(options.ready_file); !removed) return report(removed.error());

  asio::io_context loop(1);
  Platform platform(loop.get_executor(), options, lock->fd());
  auto result = asio::co_spawn(loop, run(platform, *lock), asio::use_future);
  loop.run();
  const auto ended = result.get();
  const auto removed = remove_ready_file(options.ready_file);
  if (!ended) return report(ended.error());
  return removed ? 0 : report(removed.error());
}

}  // namespace am::up
