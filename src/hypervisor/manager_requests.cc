#include "hypervisor/manager_requests.h"

#include <boost/json.hpp>

#include "base/error.h"

namespace am::hypervisor {

std::string error_answer(const Error& error) {
  namespace json = boost::json;
  return json::serialize(
      json::object{{"error", json::object{{"code", to_string(error.code)}, {"message", error.message}}}});
}

Awaitable<std::string> ManagerRequests::ask(std::string pid, std::string body) {
  Pending pending(executor_);
  pending.request = {++last_id_, std::move(pid), std::move(body)};
  pending_.emplace(pending.request.request_id, &pending);
  struct Leave {
    ManagerRequests& requests;
    const Pending& pending;
    ~Leave() {
      const std::uint64_t id = pending.request.request_id;
      requests.pending_.erase(id);
      if (!pending.answered && requests.connected_) requests.send_(ipc::CancelRequest{id});
    }
  } leave{*this, pending};

  if (connected_) send_(pending.request);
  auto away_since = std::chrono::steady_clock::now();
  while (!pending.answered) {
    const std::uint64_t seen = pending.changed.version();
    if (connected_) {
      co_await pending.changed.changed_since(seen);
      away_since = std::chrono::steady_clock::now();
      continue;
    }
    const auto left = away_since + kPatience - std::chrono::steady_clock::now();
    if (left <= std::chrono::steady_clock::duration::zero()) {
      const Error away{ErrorCode::unavailable,
                       fmt::format("the manager has been away for {} s; try again later", kPatience.count())};
      co_return error_answer(away);
    }
    static_cast<void>(co_await pending.changed.changed_since(seen, left));
  }
  co_return std::move(pending.answer);
}

void ManagerRequests::on_connected() {
  connected_ = true;
  for (const auto& [id, pending] : pending_) {
    if (!pending->answered) send_(pending->request);
    pending->changed.notify_all();
  }
}

void ManagerRequests::on_disconnected() {
  if (!std::exchange(connected_, false)) return;
  for (const auto& [id, pending] : pending_) pending->changed.notify_all();
}

void ManagerRequests::on_answer(const ipc::TaskAnswer& answer) {
  const auto found = pending_.find(answer.request_id);
  if (found == pending_.end()) return;  // cancelled meanwhile
  found->second->answer = answer.body;
  found->second->answered = true;
  found->second->changed.notify_all();
}

}  // namespace am::hypervisor
