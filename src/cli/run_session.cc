#include "cli/run_session.h"

#include <boost/asio/experimental/parallel_group.hpp>

#include "cli/task_view.h"
#include "loop/backoff.h"

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
  const auto loop = client_.loop().get_executor();
  // Not the operator ||: it would go on waiting for signals after a fault in show().
  auto race =
      asio::experimental::make_parallel_group(asio::co_spawn(loop, show(), asio::deferred),
                                              asio::co_spawn(loop, leave_on_second_signal(), asio::deferred));
  const auto [order, show_fault, shown, leave_fault, left] =
      co_await race.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
  background_.cancel();
  co_await background_.drain();
  const bool show_was_first = order[0] == 0;
  if (const auto fault = show_was_first ? show_fault : leave_fault) std::rethrow_exception(fault);
  co_return show_was_first ? shown : left;
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
  const int code = co_await finish();
  co_return code;
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
  const auto connection = client_.connection();  // finish() may ask for the task meanwhile
  for (int attempt = 0; attempt < 60; ++attempt) {
    const auto stopped = co_await client_.send_on(*connection, "POST", task_path(pid_, "/stop"), "", "");
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

Awaitable<int> RunSession::finish() {
  const auto& outcome = console_.ended()->outcome;
  if (!outcome) {
    co_return report(cli_,
                     Error{ErrorCode::internal, fmt::format("the server did not say how {} ended", pid_)});
  }
  if (outcome->kind == OutcomeKind::exited || cli_.json) co_return exit_code(*outcome);
  EndedTask ended{*outcome, {}, {}, std::nullopt};
  std::string words = outcome->message;
  const auto answer = co_await client_.send("GET", task_path(pid_), "", "");
  if (answer) {
    boost::system::error_code malformed;
    const auto task = parse_task(json::parse(answer->body, malformed));
    if (task && task->ended()) words = outcome_words(*task->ended());
  }
  remark(cli_, words.empty() ? outcome_short(*outcome) : words);
  co_return exit_code(*outcome);
}

}  // namespace am::cli
