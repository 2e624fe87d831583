#include "hypervisor/message_queue.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

#include "base/files.h"
#include "base/unique_fd.h"

namespace am::hypervisor {

std::uint64_t MessageQueue::cursor() {
  if (!cursor_) {
    cursor_ = 0;
    // Not there: nothing was ever taken.
    if (const auto text = read_file(cursor_file_)) {
      std::uint64_t number = 0;
      std::from_chars(text->data(), text->data() + text->size(), number);
      cursor_ = number;
    }
  }
  return *cursor_;
}

bool MessageQueue::push(TaskMessage message) {
  const bool known = unread_.contains(message.sequence);
  if (!known && message.sequence <= std::max(cursor(), newest_)) return false;
  if (known) return true;
  newest_ = message.sequence;
  unread_.emplace(message.sequence, Entry{std::move(message.json), false});
  changed_.notify_all();
  return true;
}

bool MessageQueue::has_free() const {
  return std::ranges::any_of(unread_, [](const auto& entry) { return !entry.second.leased; });
}

Awaitable<> MessageQueue::arrival() {
  while (!has_free()) co_await changed_.changed_since(changed_.version());
}

std::optional<TaskMessage> MessageQueue::lease() {
  for (auto& [sequence, entry] : unread_) {
    if (entry.leased) continue;
    entry.leased = true;
    return TaskMessage{sequence, entry.json};
  }
  return std::nullopt;
}

void MessageQueue::give_back(std::uint64_t sequence) {
  const auto entry = unread_.find(sequence);
  if (entry == unread_.end() || !entry->second.leased) return;
  entry->second.leased = false;
  changed_.notify_all();
}

Result<bool> MessageQueue::take(std::uint64_t sequence) {
  const auto entry = unread_.find(sequence);
  if (entry == unread_.end()) return false;
  // Everything before the oldest unread one is taken.
  const bool oldest = entry == unread_.begin();
  const auto following = std::next(entry);
  const std::uint64_t reached = following == unread_.end() ? newest_ : following->first - 1;
  if (oldest) {
    const std::string text = fmt::format("{:020}", reached);
    const UniqueFd file(::open(cursor_file_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0640));
    // In place: 20 digits are one page, which no crash of this process can tear.
    if (!file || ::pwrite(file.get(), text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) {
      return fail_errno(errno, "cannot note in {} that message {} is read", cursor_file_, sequence);
    }
    cursor_ = reached;
  }
  unread_.erase(entry);
  return true;
}

}  // namespace am::hypervisor
