#include "cli/output_record.h"

#include "cli/task_view.h"

namespace am::cli {
namespace {

std::uint64_t offset_member(const json::object& object, std::string_view name, std::uint64_t otherwise) {
  const auto* value = object.if_contains(name);
  if (value == nullptr) return otherwise;
  boost::system::error_code not_an_offset;
  const auto number = value->to_number<std::uint64_t>(not_an_offset);
  return not_an_offset ? otherwise : number;
}

OutputRecord record_of(const json::object& object) {
  OutputRecord record;
  record.stream = text_member(object, "stream");
  record.pid = text_member(object, "pid");
  record.text = text_member(object, "text");
  record.offset = offset_member(object, "offset", 0);
  const std::uint64_t length = record.stream == "system" ? 0 : record.text.size();
  record.next = offset_member(object, "next", record.offset + length);
  return record;
}

OutputStatus status_of(const json::object& object) {
  OutputStatus status{.pid = text_member(object, "pid"), .text = text_member(object, "text"), .progress = {}};
  if (const auto* progress = object.if_contains("progress"); progress != nullptr && progress->is_number()) {
    status.progress = progress->to_number<double>();
  }
  return status;
}

OutputEnd end_of(const json::object& object) {
  OutputEnd end;
  end.state = parse_task_state(text_member(object, "state")).value_or(TaskState::closed);
  if (const auto* outcome = object.if_contains("outcome")) end.outcome = parse_outcome(*outcome);
  return end;
}

}  // namespace

Result<OutputLine> parse_output_line(std::string_view line) {
  OutputLine parsed;
  if (line.empty()) return parsed;
  boost::system::error_code malformed;
  const json::value value = json::parse(line, malformed);
  if (malformed || !value.is_object()) {
    return fail(ErrorCode::internal, "the server sent a line of output that is no JSON object: {}",
                line.substr(0, 200));
  }
  const json::object& object = value.get_object();
  if (const auto* end = object.if_contains("end"); end != nullptr && end->is_object()) {
    parsed.end = end_of(end->get_object());
  } else if (const auto* status = object.if_contains("status"); status != nullptr && status->is_object()) {
    parsed.status = status_of(status->get_object());
  } else if (object.contains("text")) {
    parsed.record = record_of(object);
  }
  return parsed;
}

std::uint64_t OutputPosition::from() const {
  const auto found = seen_.find(pid_);
  return found == seen_.end() ? 0 : found->second.next;
}

OutputPosition::Seen& OutputPosition::remember(const std::string& pid) {
  const auto [entry, fresh] = seen_.try_emplace(pid);
  if (!fresh || pid == pid_) return entry->second;
  oldest_first_.push_back(pid);
  if (oldest_first_.size() > kTasksRemembered) {
    seen_.erase(oldest_first_.front());
    oldest_first_.pop_front();
  }
  return seen_[pid];
}

bool OutputPosition::take(OutputRecord& record) {
  Seen& seen = remember(record.pid.empty() ? pid_ : record.pid);
  if (record.next <= record.offset) {  // no bytes of its own: told apart by its place and words
    const bool again = seen.system_offset == record.offset && seen.system_text == record.text;
    seen.system_offset = record.offset;
    seen.system_text = record.text;
    return !again;
  }
  if (record.next <= seen.next) return false;
  if (record.offset < seen.next && record.text.size() == record.next - record.offset) {
    record.text.erase(0, seen.next - record.offset);
  }
  seen.next = record.next;
  return true;
}

}  // namespace am::cli
