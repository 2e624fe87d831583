#include "hypervisor/task_session.h"

#include <boost/json.hpp>
#include <cmath>

#include "base/random.h"
#include "loop/first_of.h"

namespace am::hypervisor {
namespace {

namespace json = boost::json;

constexpr std::size_t kStatusBytes = 4096;
constexpr const char* kDone = R"({"answer":{}})";

Result<json::object> parse_request(const std::string& text) {
  boost::system::error_code error;
  json::value value = json::parse(text, error);
  if (error) return fail(ErrorCode::invalid_argument, "request: no valid JSON: {}", error.message());
  if (!value.is_object()) return fail(ErrorCode::invalid_argument, "request: must be a JSON object");
  return std::move(value.get_object());
}

std::string text_of(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

TaskSession::~TaskSession() {
  if (leased_) task_->messages.give_back(*leased_);
  if (offered_ && !task_->end) task_->waiting_room.put_back(std::move(offered_));
}

Awaitable<> TaskSession::run() {
  Next next = Next::request;
  while (next == Next::request) {
    auto text = co_await stream_->read_control();
    if (!text) {
      static_cast<void>(co_await refuse(text.error()));
      co_return;
    }
    if (!*text) co_return;
    next = co_await handle(**std::move(text));
  }
}

Awaitable<TaskSession::Next> TaskSession::answer(std::string text) {
  const bool written = co_await stream_->write_control(std::move(text));
  co_return written ? Next::request : Next::end;
}

Awaitable<TaskSession::Next> TaskSession::refuse(Error error) {
  const auto next = co_await answer(error_answer(error));
  co_return next;
}

Awaitable<TaskSession::Next> TaskSession::handle(std::string text) {
  const auto request = parse_request(text);
  if (!request) co_return co_await refuse(request.error());
  const std::string name = text_of(*request, "request");
  if (name == "start" || name == "wait" || name == "stop" || name == "send") {
    co_return co_await ask_manager(std::move(text));
  }
  if (name == "status") {
    const auto set = set_progress(*request);
    if (!set) co_return co_await refuse(set.error());
    co_return co_await answer(std::string(kDone));
  }
  if (name == "read") co_return co_await read_message();
  if (name == "taken") co_return co_await take_message(*request);
  if (name == "accept") co_return co_await accept_connection();
  if (name == "connect") co_return co_await connect_to_task(*request);
  Error unknown{
      ErrorCode::invalid_argument,
      fmt::format("request: \"{}\" is none; there are start, wait, stop, send, status, read, taken, "
                  "accept and connect",
                  name)};
  co_return co_await refuse(std::move(unknown));
}

Awaitable<TaskSession::Next> TaskSession::ask_manager(std::string text) {
  auto first = co_await first_of(link_.requests().ask(task_->spec.pid, std::move(text)), stream_->hung_up());
  if (first.index() == 1) co_return Next::end;  // the task has given up
  co_return co_await answer(std::get<0>(std::move(first)));
}

Result<void> TaskSession::set_progress(const json::object& request) {
  const auto* text = request.if_contains("text");
  if (text == nullptr || !text->is_string()) return fail(ErrorCode::invalid_argument, "text: must be text");
  if (text->get_string().size() > kStatusBytes) {
    return fail(ErrorCode::too_large, "text: {} bytes, at most {} are possible", text->get_string().size(),
                kStatusBytes);
  }
  double done = -1;
  const auto* progress = request.if_contains("progress");
  if (progress != nullptr && !progress->is_null()) {
    boost::system::error_code error;
    done = progress->to_number<double>(error);
    if (error || !(done >= 0 && done <= 1)) {
      return fail(ErrorCode::invalid_argument, "progress: must be a number from 0 to 1 or null, not {}",
                  json::serialize(*progress));
    }
  }
  if (!task_->progress) task_->progress.emplace();
  task_->progress->text = std::string(text->get_string());
  task_->progress->done = done;
  link_.on_progress(task_);
  return {};
}

Awaitable<TaskSession::Next> TaskSession::read_message() {
  if (leased_) task_->messages.give_back(*std::exchange(leased_, std::nullopt));
  std::optional<TaskMessage> message;
  while (!(message = task_->messages.lease())) {
    const auto first = co_await first_of(task_->messages.arrival(), stream_->hung_up());
    if (first.index() == 1) co_return Next::end;
  }
  leased_ = message->sequence;
  const json::object given{{"sequence", message->sequence}, {"json", message->json}};
  std::string text = json::serialize(json::object{{"answer", given}});
  co_return co_await answer(std::move(text));
}

Awaitable<TaskSession::Next> TaskSession::take_message(const json::object& request) {
  boost::system::error_code error;
  std::uint64_t sequence = 0;
  if (const auto* value = request.if_contains("sequence")) {
    sequence = value->to_number<std::uint64_t>(error);
  }
  if (error || sequence == 0) {
    Error bad{ErrorCode::invalid_argument, "sequence: must be the number that the message came with"};
    co_return co_await refuse(std::move(bad));
  }
  const auto taken = task_->messages.take(sequence);
  if (!taken) co_return co_await refuse(taken.error());
  if (leased_ == sequence) leased_.reset();
  if (*taken) link_.on_message_taken(task_->spec.pid, sequence);
  co_return co_await answer(std::string(kDone));
}

Awaitable<TaskSession::Next> TaskSession::accept_connection() {
  while (!(offered_ = task_->waiting_room.take())) {
    const auto first = co_await first_of(task_->waiting_room.arrival(), stream_->hung_up());
    if (first.index() == 1) co_return Next::end;
  }
  const json::object offer{{"peer", offered_->peer()}};
  std::string text = json::serialize(json::object{{"answer", offer}});
  const auto next = co_await answer(std::move(text));
  if (next == Next::end) co_return next;
  const auto reply = co_await stream_->read_control();
  if (!reply || !*reply) co_return Next::end;
  const auto request = parse_request(**reply);
  if (!request || text_of(*request, "request") != "take") {
    Error bad{ErrorCode::invalid_argument, "after accept comes take"};
    static_cast<void>(co_await refuse(std::move(bad)));
    co_return Next::end;
  }
  const auto connection = std::exchange(offered_, nullptr);
  co_await connection->serve(stream_);
  co_return Next::end;
}

Awaitable<TaskSession::Next> TaskSession::connect_to_task(const json::object& request) {
  const std::string pid = text_of(request, "pid");
  auto found = co_await first_of(bridge_.find(pid), stream_->hung_up());
  if (found.index() == 1) co_return Next::end;
  auto& target = std::get<0>(found);
  if (!target) co_return co_await refuse(target.error());
  const auto opened = co_await bridge_.open(*target);
  if (!opened) co_return co_await refuse(opened.error());
  const auto next = co_await answer(std::string(kDone));
  if (next == Next::end) co_return next;
  co_await bridge_.serve(*target, *opened, stream_, "task " + task_->spec.pid);
  co_return Next::end;
}

}  // namespace am::hypervisor
