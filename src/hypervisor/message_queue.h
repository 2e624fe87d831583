// The JSON messages that one task has not read yet.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/error.h"
#include "loop/event.h"

namespace am::hypervisor {

struct TaskMessage {
  std::uint64_t sequence = 0;  // grows from message to message
  std::string json;
};

// The manager keeps every message until it hears that it was taken, and sends it again after a reconnect; the
// cursor on disk tells such a repetition from news, also for the next hypervisor.
class MessageQueue {
 public:
  // `cursor_file` is made at the first message that is taken.
  MessageQueue(const asio::any_io_executor& executor, std::string cursor_file)
      : cursor_file_(std::move(cursor_file)), changed_(executor) {}

  // False for one that was taken already: whoever sent it has not heard of that.
  bool push(TaskMessage message);
  // Returns once lease() would give something.
  Awaitable<> arrival();
  // The next message that nobody has; it stays here until it is taken.
  std::optional<TaskMessage> lease();
  // Whoever leased it is gone without taking it.
  void give_back(std::uint64_t sequence);
  // It is read. False for one that is not here (it was taken before). An error leaves it here.
  Result<bool> take(std::uint64_t sequence);

 private:
  struct Entry {
    std::string json;
    bool leased = false;
  };
  std::uint64_t cursor();
  [[nodiscard]] bool has_free() const;

  std::string cursor_file_;
  std::optional<std::uint64_t> cursor_;  // all up to this one are taken; read from disk when first needed
  std::map<std::uint64_t, Entry> unread_;
  std::uint64_t newest_ = 0;  // the highest sequence that ever came
  Event changed_;
};

}  // namespace am::hypervisor
