#include "up/daemon.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <cerrno>
#include <csignal>
#include <filesystem>

#include "base/files.h"
#include "base/task.h"
#include "process/spawn.h"
#include "up/log_file.h"
#include "up/ready_watch.h"

namespace am::up {
namespace {

using namespace asio::experimental::awaitable_operators;

constexpr std::chrono::seconds kReadyDeadline{60};
constexpr int kInheritedLock = 3;
constexpr int kExitUsage = 2;

// Our own program, also after an upgrade has replaced the file.
std::string own_program() {
  std::error_code error;
  const auto path = std::filesystem::read_symlink("/proc/self/exe", error);
  return !error && std::filesystem::exists(path, error) ? path.string() : std::string("/proc/self/exe");
}

}  // namespace

std::string exit_words(const process::ExitStatus& status) {
  if (status.exit_code) return fmt::format("exit code {}", *status.exit_code);
  return status.signal ? signal_name(*status.signal) : std::string("an unknown end");
}

Daemon::Daemon(asio::any_io_executor executor, DaemonSpec spec)
    : executor_(std::move(executor)), spec_(std::move(spec)) {}

Result<void> Daemon::spawn(std::vector<std::string> arguments) {
  UniqueFd log;
  if (!spec_.log.empty()) {
    auto opened = open_log(spec_.log);
    if (!opened) return pass_on(opened);
    log = std::move(opened->fd);
    log_start_ = opened->size;
  }
  const int stderr_fd = log ? log.get() : STDERR_FILENO;
  process::SpawnSpec spec;
  spec.argv = {own_program(), spec_.name};
  spec.argv.insert(spec.argv.end(), arguments.begin(), arguments.end());
  spec.descriptors = {
      {stderr_fd, STDOUT_FILENO}, {stderr_fd, STDERR_FILENO}, {spec_.lock_fd, kInheritedLock}};
  spec.parent_death_signal = SIGKILL;
  auto child = process::spawn(spec);
  if (!child) return pass_on(child);
  child_ = std::move(*child);
  exit_.emplace(executor_, ::fcntl(child_->pidfd(), F_DUPFD_CLOEXEC, 0));
  return {};
}

Awaitable<Result<json::object>> Daemon::start(std::vector<std::string> arguments) {
  if (const auto forgotten = forget_ready(); !forgotten) co_return pass_on(forgotten);
  auto watch = ReadyWatch::open(executor_, spec_.folder);
  if (!watch) co_return pass_on(watch);
  arguments.insert(arguments.end(), {"--ready-file", ready_file()});
  if (auto spawned = spawn(std::move(arguments)); !spawned) co_return pass_on(spawned);
  auto ready = co_await ready_or_dead(*watch);
  co_return ready;
}

Awaitable<Result<json::object>> Daemon::ready_or_dead(ReadyWatch& watch) {
  asio::steady_timer deadline(executor_, kReadyDeadline);
  const auto first =
      co_await (watch.content(ready_name()) || ended() || deadline.async_wait(asio::use_awaitable));
  if (first.index() == 1) {
    const process::ExitStatus status = std::get<1>(first);
    const bool usage = status.exit_code == kExitUsage;
    co_return fail(usage ? ErrorCode::invalid_argument : ErrorCode::unavailable, "am {} ended with {}{}",
                   name(), exit_words(status), last_words());
  }
  if (first.index() == 2) {
    co_return fail(ErrorCode::unavailable, "am {} is not ready after {} s{}", name(), kReadyDeadline.count(),
                   last_words());
  }
  const auto& text = std::get<0>(first);
  if (!text) co_return pass_on(text);
  boost::system::error_code malformed;
  const json::value facts = json::parse(*text, malformed);
  if (malformed || !facts.is_object()) {
    co_return fail(ErrorCode::internal, "the ready file of am {} is no JSON object", name());
  }
  co_return facts.get_object();
}

Result<void> Daemon::forget_ready() const {
  if (::unlink(ready_file().c_str()) == 0 || errno == ENOENT) return {};
  return fail_errno(errno, "cannot remove {}", ready_file());
}

Awaitable<bool> Daemon::ready_again(std::chrono::seconds patience) {
  auto watch = ReadyWatch::open(executor_, spec_.folder);
  if (!watch) co_return false;
  asio::steady_timer deadline(executor_, patience);
  const auto first = co_await (watch->content(ready_name()) || deadline.async_wait(asio::use_awaitable));
  co_return first.index() == 0 && std::get<0>(first).has_value();
}

Awaitable<process::ExitStatus> Daemon::ended() {
  for (;;) {
    if (const auto status = child_->try_reap()) co_return *status;
    co_await exit_->async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable);
  }
}

Awaitable<> Daemon::stop(std::chrono::seconds patience) {
  if (!running()) co_return;
  child_->signal(SIGTERM);
  asio::steady_timer deadline(executor_, patience);
  const auto first = co_await (ended() || deadline.async_wait(asio::use_awaitable));
  if (first.index() == 0) co_return;
  child_->signal(SIGKILL);
  co_await ended();
}

std::string Daemon::last_words() const {
  return spec_.log.empty() ? std::string() : tail_of_log(spec_.log, log_start_);
}

}  // namespace am::up
