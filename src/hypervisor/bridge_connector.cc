#include "hypervisor/bridge_connector.h"

#include <boost/json.hpp>

#include "base/random.h"
#include "net/web_socket.h"

namespace am::hypervisor {
namespace {

namespace json = boost::json;

Error gone(const std::string& pid) { return {ErrorCode::gone, fmt::format("task {} is over", pid)}; }

Error full(const std::string& pid) {
  return {ErrorCode::unavailable,
          fmt::format("task {} has {} connections waiting already", pid, bridge::WaitingRoom::kSeats)};
}

ErrorCode code_of(std::string_view word) {
  for (const ErrorCode code : {ErrorCode::not_found, ErrorCode::gone, ErrorCode::invalid_argument,
                               ErrorCode::unavailable, ErrorCode::resource_exhausted}) {
    if (to_string(code) == word) return code;
  }
  return ErrorCode::internal;
}

// The error in an answer of the manager's, if it is one.
Result<void> check_answer(const std::string& text) {
  boost::system::error_code error;
  const json::value answer = json::parse(text, error);
  if (error || !answer.is_object())
    return fail(ErrorCode::internal, "the manager's answer is no JSON object");
  const auto* problem = answer.get_object().if_contains("error");
  if (problem == nullptr) return {};
  const json::object& object = problem->as_object();
  return std::unexpected(Error{code_of(std::string_view(object.at("code").as_string())),
                               std::string(object.at("message").as_string())});
}

}  // namespace

Result<std::optional<BridgeConnector::Target>> BridgeConnector::find_here(const std::string& pid) const {
  if (const auto task = tasks_.find(pid)) {
    if (task->end) return std::unexpected(gone(pid));
    return Target{pid, task};
  }
  if (tasks_.folder(pid).acknowledged()) return std::unexpected(gone(pid));
  return std::nullopt;
}

Awaitable<Result<BridgeConnector::Target>> BridgeConnector::find(std::string pid) {
  if (!is_uuid(pid)) co_return fail(ErrorCode::not_found, "pid: \"{}\" is no task's", pid);
  auto here = find_here(pid);
  if (!here) co_return pass_on(here);
  if (*here) co_return **std::move(here);
  std::string question = json::serialize(json::object{{"request", "locate"}, {"pid", pid}});
  const std::string answer = co_await link_.requests().ask(std::string(), std::move(question));
  const auto known = check_answer(answer);
  if (!known) co_return pass_on(known);
  // An order to start it that was on its way is here by now: it comes before the answer.
  here = find_here(pid);
  if (!here) co_return pass_on(here);
  if (*here) co_return **std::move(here);
  co_return Target{std::move(pid), nullptr};
}

Awaitable<Result<bridge::StreamPtr>> BridgeConnector::open(const Target& target) {
  if (target.local) {
    if (target.local->end) co_return std::unexpected(gone(target.pid));
    if (target.local->waiting_room.full()) co_return std::unexpected(full(target.pid));
    co_return bridge::StreamPtr();
  }
  const ManagerAddress manager = link_.manager();
  net::Headers headers;
  headers.set("Authorization", "Bearer " + manager.socket_token);
  auto socket = co_await net::connect_web_socket(
      manager.host, manager.port, "/api/v1/tasks/" + target.pid + "/socket", std::move(headers));
  if (!socket) co_return pass_on(socket);
  co_return bridge::StreamPtr(std::move(*socket));
}

Awaitable<> BridgeConnector::serve(Target target, bridge::StreamPtr way, bridge::StreamPtr stream,
                                   std::string peer) {
  if (way) co_return co_await bridge::relay(std::move(stream), std::move(way));
  const auto connection = std::make_shared<bridge::BridgeConnection>(executor_, stream, std::move(peer));
  // Either may have changed while the handshake was under way.
  if (target.local->end || !target.local->waiting_room.enter(connection)) {
    const Error why = target.local->end ? gone(target.pid) : full(target.pid);
    net::CloseReason reason{
        target.local->end ? net::close_code::going_away : net::close_code::try_again_later, why.message};
    co_return co_await stream->close(std::move(reason));
  }
  co_await connection->run();
}

}  // namespace am::hypervisor
