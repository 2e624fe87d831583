#include "cli/output_follower.h"

#include "loop/backoff.h"

namespace am::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kFirstWait{100};
constexpr std::chrono::milliseconds kMostWait{2000};
constexpr std::size_t kErrorBodyLimit = 64 * 1024;

// The rest of a short answer, an error's body.
Awaitable<std::string> read_body(net::HttpClient& connection) {
  std::string body;
  while (body.size() < kErrorBodyLimit) {
    auto piece = co_await connection.read_some();
    if (!piece || piece->empty()) break;
    body += *piece;
  }
  co_return body;
}

}  // namespace

OutputFollower::OutputFollower(Client& client, std::string pid, FollowOptions options, OutputSink& sink)
    : client_(client), pid_(std::move(pid)), options_(options), sink_(sink), position_(pid_) {}

Awaitable<Result<void>> OutputFollower::run() {
  Backoff backoff(kFirstWait, kMostWait);
  asio::steady_timer timer(client_.loop());
  Clock::time_point last_answer = Clock::now();
  bool told = false;
  for (;;) {
    opened_ = got_bytes_ = false;
    const auto progress = co_await read_once();
    if (!progress) co_return pass_on(progress);
    if (*progress == Progress::complete) co_return Result<void>();
    if (opened_) last_answer = Clock::now();
    if (got_bytes_) {
      backoff.reset();
      told = false;
    }
    if (Clock::now() - last_answer >= options_.patience) {
      co_return fail(ErrorCode::unavailable, "gave up after {} s without a manager at {} ({})",
                     options_.patience.count(), client_.endpoint().address, lost_.message);
    }
    const auto cancellation = co_await asio::this_coro::cancellation_state;
    if (cancellation.cancelled() != asio::cancellation_type::none) {  // which looks like a lost connection
      throw boost::system::system_error(asio::error::operation_aborted);
    }
    if (!told) sink_.connection_lost(lost_);
    told = true;
    timer.expires_after(backoff.next());
    co_await timer.async_wait(asio::use_awaitable);
  }
}

Awaitable<Result<OutputFollower::Progress>> OutputFollower::read_once() {
  const auto connection = client_.connection();
  std::string path =
      fmt::format("/tasks/{}/output?from={}&follow={}&tree={}&status={}", net::percent_encode(pid_),
                  position_.from(), options_.follow, options_.tree, options_.tree && options_.follow);
  std::string target = client_.target(path);
  net::Headers headers = client_.headers();
  headers.set("Accept", "application/x-ndjson");
  auto head = co_await connection->open("GET", std::move(target), std::move(headers), std::string());
  if (!head) {
    if (head.error().code != ErrorCode::unavailable) co_return pass_on(head);
    lost_ = head.error();
    co_return Progress::interrupted;
  }
  if (head->status >= 400) {
    head->body += co_await read_body(*connection);
    lost_ = client_.error_of(*head);
    // The task's hypervisor may be restarting: its output comes back with it.
    if (lost_.code == ErrorCode::unavailable) co_return Progress::interrupted;
    co_return std::unexpected(lost_);
  }
  opened_ = true;
  LineReader lines;
  for (;;) {
    const auto piece = co_await connection->read_some();
    if (!piece || piece->empty()) {
      lost_ = piece ? Error{ErrorCode::unavailable, "the output ended before the task"} : piece.error();
      const bool whole = piece && !options_.follow && lines.pending() == 0;
      co_return whole ? Progress::complete : Progress::interrupted;
    }
    got_bytes_ = true;
    if (const auto taken = lines.append(*piece); !taken) co_return pass_on(taken);
    const auto progress = co_await take_lines(lines);
    if (!progress || *progress == Progress::complete) co_return progress;
  }
}

Awaitable<Result<OutputFollower::Progress>> OutputFollower::take_lines(LineReader& lines) {
  while (const auto line = lines.next()) {
    auto parsed = parse_output_line(*line);
    if (!parsed) co_return pass_on(parsed);
    if (parsed->end) {
      const auto ended = co_await sink_.end(*parsed->end, *line);
      if (!ended) co_return pass_on(ended);
      co_return Progress::complete;
    }
    if (parsed->status) {
      const auto shown = co_await sink_.status(std::move(*parsed->status), *line);
      if (!shown) co_return pass_on(shown);
    }
    if (!parsed->record || !position_.take(*parsed->record)) continue;
    const auto taken = co_await sink_.record(std::move(*parsed->record), *line);
    if (!taken) co_return pass_on(taken);
  }
  co_return Progress::interrupted;
}

}  // namespace am::cli
