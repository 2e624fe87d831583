#include "manager/task_messages.h"

#include <spdlog/spdlog.h>

#include <ranges>

namespace am::manager {

bool TaskMessages::Box::may_send() const {
  return sent.empty() || (sent.size() < kSentCount && sent_bytes < kSentBytes);
}

Result<void> TaskMessages::load() {
  const auto rows = store_.all();
  if (!rows) return pass_on(rows);
  for (const storage::MessageRow& row : *rows) {
    if (open_.find(row.pid) == nullptr) {  // the manager ended between the task's end and this
      if (const auto removed = store_.remove_all(row.pid); !removed) return removed;
      continue;
    }
    Box& box = boxes_[row.pid];
    box.waiting.push_back({row.sequence, row.bytes});
    box.bytes += row.bytes;
  }
  return {};
}

// False for one that is known already.
bool TaskMessages::remember(const std::string& id) {
  if (!recent_.insert(id).second) return false;
  recent_order_.push_back(id);
  if (recent_order_.size() > kRecentIds) {
    recent_.erase(recent_order_.front());
    recent_order_.pop_front();
  }
  return true;
}

Result<void> TaskMessages::post(const OpenTask& task, const std::string& id, std::string json) {
  const std::string& pid = task.row.pid;
  if (json.size() > kMessageLimit) {
    return fail(ErrorCode::too_large, "message: {} bytes, at most {} are possible", json.size(),
                kMessageLimit);
  }
  if (recent_.contains(id)) return {};
  Box& box = boxes_[pid];
  if (box.count() >= kCountLimit || box.bytes + json.size() > kBytesLimit) {
    return fail(
        ErrorCode::resource_exhausted,
        "task {} has {} unread messages ({} bytes); at most {} ({} bytes) are kept: try again when it "
        "has read some",
        pid, box.count(), box.bytes, kCountLimit, kBytesLimit);
  }
  const auto sequence = store_.add(pid, id, json);
  if (!sequence) return pass_on(sequence);
  remember(id);
  if (*sequence == 0) return {};
  const Message message{*sequence, json.size()};
  box.bytes += message.bytes;
  const bool handed_over = task.row.state != TaskState::queued;
  if (!handed_over || !box.waiting.empty() || !box.may_send() || !send(task, box, message, std::move(json))) {
    box.waiting.push_back(message);
  }
  return {};
}

bool TaskMessages::send(const OpenTask& task, Box& box, const Message& message, std::string json) {
  const ipc::TaskMessage frame{task.row.pid, message.sequence, std::move(json)};
  if (!hypervisors_.send(task.row.hypervisor_id, frame)) return false;
  box.sent.emplace(message.sequence, message.bytes);
  box.sent_bytes += message.bytes;
  return true;
}

void TaskMessages::send_waiting(const OpenTask& task, Box& box) {
  while (!box.waiting.empty() && box.may_send()) {
    auto json = store_.text(box.waiting.front().sequence);
    if (!json) {  // a store that fails now is asked again at the next occasion
      spdlog::error("task {}: {}", task.row.pid, json.error().message);
      return;
    }
    if (!send(task, box, box.waiting.front(), *std::move(json))) return;
    box.waiting.pop_front();
  }
}

void TaskMessages::on_handed_over(const OpenTask& task) {
  const auto box = boxes_.find(task.row.pid);
  if (box != boxes_.end()) send_waiting(task, box->second);
}

void TaskMessages::on_reconnected(const std::string& hypervisor_id) {
  for (auto& [pid, box] : boxes_) {
    const auto task = open_.find(pid);
    if (task == nullptr || task->row.hypervisor_id != hypervisor_id) continue;
    for (const auto& [sequence, bytes] : std::views::reverse(box.sent)) {
      box.waiting.push_front({sequence, bytes});
    }
    box.sent.clear();
    box.sent_bytes = 0;
    send_waiting(*task, box);
  }
}

void TaskMessages::on_taken(const std::string& pid, std::uint64_t sequence) {
  const auto found = boxes_.find(pid);
  if (found == boxes_.end()) return;
  Box& box = found->second;
  const auto sent = box.sent.find(sequence);
  if (sent == box.sent.end()) return;
  // One that stays in the store is repeated after a restart; the hypervisor knows that it was read.
  if (const auto removed = store_.remove(sequence); !removed) {
    spdlog::error("task {}: {}", pid, removed.error().message);
  }
  box.bytes -= sent->second;
  box.sent_bytes -= sent->second;
  box.sent.erase(sent);
  if (const auto task = open_.find(pid)) send_waiting(*task, box);
}

void TaskMessages::on_closed(const std::string& pid) {
  if (boxes_.erase(pid) == 0) return;
  if (const auto removed = store_.remove_all(pid); !removed) {
    spdlog::error("task {}: {}", pid, removed.error().message);
  }
}

}  // namespace am::manager
