// Bytes that arrived and were not parsed yet: one flat block that grows up to a bound.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

namespace am::net {

class ReadBuffer {
 public:
  explicit ReadBuffer(std::size_t limit) : limit_(limit) {}

  [[nodiscard]] std::string_view view() const { return {bytes_.data() + begin_, end_ - begin_}; }
  [[nodiscard]] std::size_t size() const { return end_ - begin_; }
  [[nodiscard]] bool full() const { return size() >= limit_; }

  struct Room {
    char* data;
    std::size_t size;
  };
  // Space behind the bytes, at most `wanted` and within the limit. Moves the bytes: views end here.
  Room prepare(std::size_t wanted) {
    wanted = std::min(wanted, limit_ - size());
    if (bytes_.size() - end_ < wanted) {
      std::copy(bytes_.begin() + static_cast<std::ptrdiff_t>(begin_),
                bytes_.begin() + static_cast<std::ptrdiff_t>(end_), bytes_.begin());
      end_ -= begin_;
      begin_ = 0;
      if (bytes_.size() - end_ < wanted) bytes_.resize(end_ + wanted);
    }
    return {bytes_.data() + end_, wanted};
  }
  void commit(std::size_t count) { end_ += count; }
  void consume(std::size_t count) {
    begin_ += count;
    if (begin_ == end_) begin_ = end_ = 0;
  }
  // Gives the memory of a large message back; only while it is empty.
  void shrink(std::size_t keep) {
    if (size() != 0 || bytes_.size() <= keep) return;
    bytes_.resize(keep);
    bytes_.shrink_to_fit();
  }

 private:
  std::size_t limit_;
  std::vector<char> bytes_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace am::net
