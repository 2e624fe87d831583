#include "hypervisor/manager_link.h"

#include <spdlog/spdlog.h>

#include <array>
#include <cstddef>

#include "base/random.h"
#include "loop/first_of.h"

namespace am::hypervisor {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kOutboxBytes = 16 << 20;  // beyond it the manager does not read: the link starts anew
constexpr auto kHandshakeFor = 10s;
constexpr auto kProgressInterval = 100ms;
constexpr int kSilentBeats = 4;  // heartbeats that may be missing before the manager counts as away

}  // namespace

ManagerLink::ManagerLink(asio::any_io_executor executor, LinkOptions options, Tasks& tasks,
                         std::function<void()> on_welcome)
    : executor_(executor),
      options_(std::move(options)),
      tasks_(tasks),
      on_welcome_(std::move(on_welcome)),
      backoff_(50ms, 2s),
      acknowledged_(executor),
      requests_(executor, [this](const ipc::Message& message) { return send(message); }) {}

ManagerLink::~ManagerLink() = default;

Awaitable<> ManagerLink::run() {
  asio::steady_timer timer(executor_);
  std::string last_problem;
  for (;;) {
    auto channel = co_await net::connect_tcp(options_.host, options_.port, kOutboxBytes);
    Result<void> served = channel ? Result<void>{} : pass_on(channel);
    if (channel) {
      served = co_await serve(*channel);
      channel_.reset();
      requests_.on_disconnected();
      (*channel)->close();
    }
    // Said once per cause, not at every attempt.
    if (!served && served.error().message != last_problem) {
      last_problem = served.error().message;
      spdlog::warn("the manager at {}:{} is away, trying again: {}", options_.host, options_.port,
                   last_problem);
    }
    timer.expires_after(backoff_.next());
    co_await timer.async_wait(asio::use_awaitable);
  }
}

Awaitable<Result<void>> ManagerLink::serve(std::shared_ptr<net::ByteChannel> channel) {
  decoder_ = ipc::FrameDecoder(ipc::kHandshakeFrameLimit);
  asio::steady_timer deadline(executor_, kHandshakeFor);
  auto shaken = co_await first_of(shake_hands(channel), deadline.async_wait(asio::use_awaitable));
  if (shaken.index() == 1) co_return fail(ErrorCode::unavailable, "no handshake within 10 s");
  if (const auto& result = std::get<0>(shaken); !result) co_return pass_on(result);
  decoder_.set_frame_limit(ipc::kFrameLimit);
  channel_ = channel;
  backoff_.reset();
  report_all();
  on_welcome_();
  auto ended = co_await first_of(exchange(channel), beat(channel));
  if (ended.index() == 1) {
    co_return fail(ErrorCode::unavailable, "nothing heard for {} heartbeats", kSilentBeats);
  }
  co_return std::get<0>(ended);
}

// The next message; `unavailable` when the connection ends.
Awaitable<Result<ipc::Message>> ManagerLink::receive(std::shared_ptr<net::ByteChannel> channel) {
  std::array<std::byte, 16384> buffer;
  for (;;) {
    auto message = decoder_.next();
    if (!message) co_return pass_on(message);
    if (*message) co_return std::move(**message);
    std::size_t size = 0;
    std::string problem = "it closed the connection";
    try {
      size = co_await channel->read_some(buffer);
    } catch (const boost::system::system_error& failure) {
      problem = failure.code().message();
    }
    const auto cancelled = (co_await asio::this_coro::cancellation_state).cancelled();
    if (cancelled != asio::cancellation_type::none) {
      throw boost::system::system_error(asio::error::operation_aborted);
    }
    if (size == 0) co_return fail(ErrorCode::unavailable, "{}", problem);
    last_heard_ = std::chrono::steady_clock::now();
    decoder_.feed(std::string_view(reinterpret_cast<const char*>(buffer.data()), size));
  }
}

Awaitable<Result<void>> ManagerLink::shake_hands(std::shared_ptr<net::ByteChannel> channel) {
  auto first = co_await receive(channel);
  if (!first) co_return pass_on(first);
  const auto* challenge = std::get_if<ipc::Challenge>(&*first);
  if (challenge == nullptr) co_return fail(ErrorCode::invalid_argument, "it did not begin with a Challenge");

  ipc::Hello hello;
  hello.product_version = AM_VERSION;
  hello.hypervisor_id = options_.hypervisor_id;
  hello.name = options_.name;
  hello.capacity = options_.capacity;
  hello.http_host = options_.http_host;
  hello.http_port = options_.http_port;
  hello.http_token = options_.http_token;
  hello.nonce = random_secret();
  hello.proof = keyed_hash(options_.secret, "hypervisor:" + challenge->nonce);
  hello.venvs = options_.venvs;
  channel->post(ipc::encode(hello));

  auto answer = co_await receive(channel);
  if (!answer) co_return pass_on(answer);
  if (const auto* reject = std::get_if<ipc::Reject>(&*answer)) {
    co_return fail(ErrorCode::forbidden, "it refuses this hypervisor: {} ({})", reject->message,
                   reject->code);
  }
  const auto* welcome = std::get_if<ipc::Welcome>(&*answer);
  if (welcome == nullptr) co_return fail(ErrorCode::invalid_argument, "it did not answer the Hello");
  if (!equal_in_constant_time(welcome->proof, keyed_hash(options_.secret, "manager:" + hello.nonce))) {
    co_return fail(ErrorCode::forbidden, "it does not know the shared secret");
  }
  manager_ = {options_.host, welcome->http_port, welcome->socket_token};
  heartbeat_ = std::chrono::milliseconds(std::clamp<std::uint32_t>(welcome->heartbeat_ms, 100, 60'000));
  co_return Result<void>{};
}

void ManagerLink::report_all() {
  spdlog::info("connected to the manager at {}:{}", options_.host, options_.port);
  send(ipc::Inventory{tasks_.open_pids()});
  for (const auto& task : tasks_.unacknowledged()) on_ended(*task);
  send(ipc::Heartbeat{tasks_.open_count()});
  for (const auto& task : tasks_.open()) {
    if (task->progress) report_progress(*task);
  }
  requests_.on_connected();
}

Awaitable<Result<void>> ManagerLink::exchange(std::shared_ptr<net::ByteChannel> channel) {
  for (;;) {
    const auto message = co_await receive(channel);
    if (!message) co_return pass_on(message);
    take(*message);
  }
}

void ManagerLink::take(const ipc::Message& message) {
  if (const auto* start = std::get_if<ipc::StartTask>(&message)) {
    tasks_.start(start->spec);
  } else if (const auto* stop = std::get_if<ipc::StopTask>(&message)) {
    tasks_.stop(stop->pid, stop->by);
  } else if (const auto* ack = std::get_if<ipc::TaskEndedAck>(&message)) {
    tasks_.acknowledge(ack->pid);
    acknowledged_.notify_all();
  } else if (const auto* answer = std::get_if<ipc::TaskAnswer>(&message)) {
    requests_.on_answer(*answer);
  } else if (const auto* note = std::get_if<ipc::TaskMessage>(&message)) {
    take_message(*note);
  }
}

void ManagerLink::on_progress(const std::shared_ptr<Task>& task) {
  TaskProgress& progress = *task->progress;
  if (progress.report_waits) return;
  const auto due = progress.reported + kProgressInterval;
  if (due <= std::chrono::steady_clock::now()) return report_progress(*task);
  progress.report_waits = true;
  const auto timer = std::make_shared<asio::steady_timer>(executor_, due);
  timer->async_wait([this, task, timer](const boost::system::error_code& error) {
    const bool waits = std::exchange(task->progress->report_waits, false);
    if (!error && waits && !task->end) report_progress(*task);
  });
}

void ManagerLink::report_progress(Task& task) {
  task.progress->reported = std::chrono::steady_clock::now();
  send(ipc::TaskStatus{task.spec.pid, task.progress->text, task.progress->done});
}

void ManagerLink::take_message(const ipc::TaskMessage& message) {
  const auto task = tasks_.find(message.pid);
  // One that is over will not read it: the manager drops its messages when it hears of the end.
  if (!task || task->end) return;
  if (!task->messages.push({message.sequence, message.json})) on_message_taken(message.pid, message.sequence);
}

void ManagerLink::on_message_taken(const std::string& pid, std::uint64_t sequence) {
  send(ipc::MessageTaken{pid, sequence});
}

// Returns when nothing was heard for too long.
Awaitable<> ManagerLink::beat(std::shared_ptr<net::ByteChannel> channel) {
  asio::steady_timer timer(executor_);
  while (std::chrono::steady_clock::now() - last_heard_ < heartbeat_ * kSilentBeats) {
    timer.expires_after(heartbeat_);
    co_await timer.async_wait(asio::use_awaitable);
    channel->post(ipc::encode(ipc::Heartbeat{tasks_.open_count()}));
  }
}

// What is not sent now is reported after the next handshake.
bool ManagerLink::send(const ipc::Message& message) {
  if (!channel_) return false;
  if (channel_->post(ipc::encode(message))) return true;
  channel_->close();  // a full outbox: the manager does not read
  return false;
}

void ManagerLink::on_started(const Task& task) { send(ipc::TaskStarted{task.spec.pid, task.started_ms}); }

void ManagerLink::on_ended(Task& task) {
  // What the task said last, before its end: nobody takes it afterwards.
  if (task.progress && std::exchange(task.progress->report_waits, false)) report_progress(task);
  if (task.end) send(ipc::TaskEnded{task.spec.pid, *task.end});
}

Awaitable<> ManagerLink::flush(std::chrono::steady_clock::duration at_most) {
  const auto deadline = std::chrono::steady_clock::now() + at_most;
  for (;;) {
    const std::uint64_t seen = acknowledged_.version();
    const auto left = deadline - std::chrono::steady_clock::now();
    if (tasks_.unacknowledged().empty() || left <= 0s || !channel_) co_return;
    co_await acknowledged_.changed_since(seen, left);
  }
}

}  // namespace am::hypervisor
