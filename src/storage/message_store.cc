#include "storage/message_store.h"

namespace am::storage {

Result<std::uint64_t> MessageStore::add(const std::string& pid, const std::string& id,
                                        const std::string& json) {
  return database_.attempt("storing a message", [&]() -> Result<std::uint64_t> {
    auto statement = statements_.use(
        "INSERT INTO task_messages (pid, id, json) VALUES (:pid, :id, :json) ON CONFLICT (pid, id) DO "
        "NOTHING");
    statement->bind(":pid", pid);
    statement->bind(":id", id);
    statement->bind(":json", json);
    if (statement->exec() == 0) return 0;
    return static_cast<std::uint64_t>(database_.connection().getLastInsertRowid());
  });
}

Result<std::string> MessageStore::text(std::uint64_t sequence) {
  return database_.attempt("reading a message", [&]() -> Result<std::string> {
    auto statement = statements_.use("SELECT json FROM task_messages WHERE sequence = :sequence");
    statement->bind(":sequence", static_cast<std::int64_t>(sequence));
    if (!statement->executeStep()) return fail(ErrorCode::not_found, "there is no message {}", sequence);
    return statement->getColumn(0).getString();
  });
}

Result<void> MessageStore::remove(std::uint64_t sequence) {
  return database_.attempt("removing a message", [&]() -> Result<void> {
    auto statement = statements_.use("DELETE FROM task_messages WHERE sequence = :sequence");
    statement->bind(":sequence", static_cast<std::int64_t>(sequence));
    statement->exec();
    return {};
  });
}

Result<void> MessageStore::remove_all(const std::string& pid) {
  return database_.attempt("removing messages", [&]() -> Result<void> {
    auto statement = statements_.use("DELETE FROM task_messages WHERE pid = :pid");
    statement->bind(":pid", pid);
    statement->exec();
    return {};
  });
}

Result<std::vector<MessageRow>> MessageStore::all() {
  return database_.attempt("listing messages", [&]() -> Result<std::vector<MessageRow>> {
    auto statement = statements_.use(
        "SELECT sequence, pid, length(CAST(json AS BLOB)) FROM task_messages ORDER BY sequence");
    std::vector<MessageRow> rows;
    while (statement->executeStep()) {
      rows.push_back({.sequence = static_cast<std::uint64_t>(statement->getColumn(0).getInt64()),
                      .pid = statement->getColumn(1).getString(),
                      .bytes = static_cast<std::size_t>(statement->getColumn(2).getInt64())});
    }
    return rows;
  });
}

}  // namespace am::storage
