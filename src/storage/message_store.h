// The table of messages to tasks: each from its acceptance until the task has read it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "storage/database.h"
#include "storage/statement_cache.h"

namespace am::storage {

// A message without its text, which may be large.
struct MessageRow {
  std::uint64_t sequence = 0;  // grows from message to message
  std::string pid;             // to whom
  std::size_t bytes = 0;       // of its text
};

class MessageStore {
 public:
  explicit MessageStore(Database& database) : database_(database), statements_(database.connection()) {}

  // Gives the sequence; 0 when a message of that id waits for the task already.
  Result<std::uint64_t> add(const std::string& pid, const std::string& id, const std::string& json);
  // not_found for one that was removed.
  Result<std::string> text(std::uint64_t sequence);
  Result<void> remove(std::uint64_t sequence);
  Result<void> remove_all(const std::string& pid);
  // Everything, in order.
  Result<std::vector<MessageRow>> all();

 private:
  Database& database_;
  StatementCache statements_;
};

}  // namespace am::storage
