// Rows that were read, kept in memory until their tables change. The manager alone writes to its database, so
// a store that forgets them with each of its own changes never gives an old one.
#pragma once

#include <string>
#include <unordered_map>
#include <utility>

namespace am::storage {

template <typename Row>
class RowCache {
 public:
  // Null when it is not kept; valid until the next keep() or clear().
  [[nodiscard]] const Row* find(const std::string& key) const {
    const auto found = rows_.find(key);
    return found == rows_.end() ? nullptr : &found->second;
  }
  const Row& keep(const std::string& key, Row row) {
    if (rows_.size() >= kMostRows) rows_.clear();
    return rows_.insert_or_assign(key, std::move(row)).first->second;
  }
  void clear() { rows_.clear(); }

 private:
  static constexpr std::size_t kMostRows = 256;  // more than are in use at one time, and little memory

  std::unordered_map<std::string, Row> rows_;
};

}  // namespace am::storage
