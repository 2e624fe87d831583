#include "cli/run_session.h"

#include "loop/backoff.h"
#include "loop/first_of.h"

namespace am::cli {
namespace {

constexpr std::chrono::milliseconds kFirstWait{100};
constexpr std::chrono::milliseconds kMostWait{2000};

}  // namespace

RunSession::RunSession(const Cli& cli, Client& client)
    : cli_(cli),
      client_(client),
      signals_(client.loop().get_executor()),
      background_(client.loop().get_executor(),
                  [this](const std::string& name, const std::string& what) {
                    report(cli_, Error{ErrorCode::internal, name + ": " + what});
                  }),
      console_(cli, client) {}

Awaitable<int> RunSession::run(std::string pid) {
  pid_ = std::move(pid);
  const auto code = co_await first_of(show(), leave_on_second_signal());
  background_.cancel();
  co_await background_.drain();
  co_return std::visit([](int value) { return value; }, code);
}

Awaitable<int> RunSession::show() {
  OutputFollower follower(client_, pid_, FollowOptions{.tree = true}, console_);
  const auto followed = co_await follower.run();
  if (!followed && console_.reader_gone()) {
    co_await stop_task();
    co_return kExitPipe;
  }
  if (!followed) {
    report(cli_, followed.error());
    remark(cli_, fmt::format("the task {} may still be running; `am logs {} --follow` shows its output", pid_,
                             pid_));
    co_return kExitError;
  }
  co_return finish();
}

Awaitable<int> RunSession::leave_on_second_signal() {
  co_await signals_.next();
  remark(cli_, "stopping the task; again to leave without waiting for its end");
  background_.spawn("stop", stop_task());
  co_await signals_.next();
  remark(cli_, fmt::format("left; `am inspect {}` shows how the task ended", pid_));
  co_return kExitInterrupted;
}

// Until the manager has taken the order: it may be restarting just now.
Awaitable<> RunSession::stop_task() {
  Backoff backoff(kFirstWait, kMostWait);
  asio::steady_timer timer(client_.loop());
  for (int attempt = 0; attempt < 60; ++attempt) {
    const auto stopped = co_await client_.send("POST", task_path(pid_, "/stop"), "", "");
    if (stopped) co_return;
    const ErrorCode code = stopped.error().code;
    if (code == ErrorCode::conflict || code == ErrorCode::gone) co_return;  // it ended by itself
    if (code != ErrorCode::unavailable) {
      report(cli_, stopped.error());
      co_return;
    }
    timer.expires_after(backoff.next());
    co_await timer.async_wait(asio::use_awaitable);
  }
  report(cli_, Error{ErrorCode::unavailable, fmt::format("could not stop the task {}", pid_)});
}

int RunSession::finish() const {
  const auto& outcome = console_.ended()->outcome;
  if (!outcome) {
    return report(cli_, Error{ErrorCode::internal, fmt::format("the server did not say how {} ended", pid_)});
  }
  return exit_code(*outcome);
}

}  // namespace am::cli
