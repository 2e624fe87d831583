// Lines of several readers on their way to one client, bounded in bytes.
#pragma once

#include <deque>
#include <string>

#include "loop/event.h"

namespace am::manager {

class OutputQueue {
 public:
  OutputQueue(const asio::any_io_executor& executor, std::size_t limit) : changed_(executor), limit_(limit) {}

  // Waits while the queue is full. One entry always fits into an empty queue.
  Awaitable<> push(std::string lines) {
    while (bytes_ > 0 && bytes_ + lines.size() > limit_) co_await changed_.changed_since(changed_.version());
    bytes_ += lines.size();
    entries_.push_back(std::move(lines));
    changed_.notify_all();
  }
  // The oldest entry; empty when there is none.
  std::string pop() {
    if (entries_.empty()) return {};
    std::string lines = std::move(entries_.front());
    entries_.pop_front();
    bytes_ -= lines.size();
    changed_.notify_all();
    return lines;
  }
  // Notified by both, and by whoever has news for the one that pops.
  Event& changed() { return changed_; }

 private:
  std::deque<std::string> entries_;
  std::size_t bytes_ = 0;
  Event changed_;
  std::size_t limit_;
};

}  // namespace am::manager
