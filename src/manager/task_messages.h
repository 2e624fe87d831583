// Messages to tasks: accepted, kept, handed to the task's hypervisor a few at a time, removed once read.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "manager/hypervisors.h"
#include "manager/open_tasks.h"
#include "storage/message_store.h"

namespace am::manager {

class TaskMessages {
 public:
  // Unread messages of one task; more are refused.
  static constexpr std::size_t kCountLimit = 10'000;
  static constexpr std::size_t kBytesLimit = 16U << 20U;
  // One message's text.
  static constexpr std::size_t kMessageLimit = 1U << 20U;

  TaskMessages(storage::MessageStore& store, const OpenTasks& open, Hypervisors& hypervisors)
      : store_(store), open_(open), hypervisors_(hypervisors) {}

  // Takes the unread messages of the store into account; once, before anything else.
  Result<void> load();

  // Stores `json`, which is valid, for an open task; the same `id` is stored once. too_large,
  // resource_exhausted when the task has too much to read already.
  Result<void> post(const OpenTask& task, const std::string& id, std::string json);

  // Its hypervisor has the task: what waits may follow.
  void on_handed_over(const OpenTask& task);
  // The hypervisor is back and has forgotten what it was told.
  void on_reconnected(const std::string& hypervisor_id);
  void on_taken(const std::string& pid, std::uint64_t sequence);
  void on_closed(const std::string& pid);

 private:
  struct Message {
    std::uint64_t sequence = 0;
    std::size_t bytes = 0;
  };
  // One task's messages; bytes are those of both parts.
  struct Box {
    std::deque<Message> waiting;
    std::map<std::uint64_t, std::size_t> sent;  // bytes by sequence: on the hypervisor, not read yet
    std::size_t bytes = 0;
    std::size_t sent_bytes = 0;
    [[nodiscard]] std::size_t count() const { return waiting.size() + sent.size(); }
    [[nodiscard]] bool may_send() const;
  };
  // What a hypervisor holds of one task's messages; one message always may be there.
  static constexpr std::size_t kSentCount = 64;
  static constexpr std::size_t kSentBytes = 256U << 10U;
  static constexpr std::size_t kRecentIds = 4096;

  void send_waiting(const OpenTask& task, Box& box);
  bool send(const OpenTask& task, Box& box, const Message& message, std::string json);
  bool remember(const std::string& id);

  storage::MessageStore& store_;
  const OpenTasks& open_;
  Hypervisors& hypervisors_;
  std::unordered_map<std::string, Box> boxes_;  // by pid
  // Ids of messages that may be read, and so gone from the store, when a repetition comes.
  std::unordered_set<std::string> recent_;
  std::deque<std::string> recent_order_;
};

}  // namespace am::manager
