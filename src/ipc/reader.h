// Bytes to fields. Never reads past the end, never allocates more than the input holds.
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "ipc/schema.h"

namespace am::ipc {

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  // Fills the message's fields as far as the bytes go; false when they are broken off or out of range.
  template <typename T>
  bool fields(T& message) {
    return std::apply([&](auto... members) { return (appended(message.*members) && ...); }, kFields<T>);
  }

 private:
  // A field that an older writer did not have keeps its default.
  template <typename T>
  bool appended(T& field) {
    return rest_.empty() || value(field);
  }

  template <typename T>
  bool value(T& field) {
    if constexpr (std::is_enum_v<T>) {
      std::uint8_t number = 0;
      if (!unsigned_integer(number) || number > static_cast<std::uint8_t>(last_of(field))) return false;
      field = static_cast<T>(number);
      return true;
    } else if constexpr (std::same_as<T, double>) {
      std::uint64_t bits = 0;
      if (!unsigned_integer(bits)) return false;
      field = std::bit_cast<double>(bits);
      return true;
    } else if constexpr (std::same_as<T, bool>) {
      std::uint8_t number = 0;
      if (!unsigned_integer(number) || number > 1) return false;
      field = number == 1;
      return true;
    } else if constexpr (std::integral<T>) {
      std::make_unsigned_t<T> number = 0;
      if (!unsigned_integer(number)) return false;
      field = static_cast<T>(number);
      return true;
    } else if constexpr (std::same_as<T, std::string>) {
      std::string_view text;
      if (!block(text)) return false;
      field.assign(text);
      return true;
    } else {
      std::string_view inner;
      return block(inner) && Reader(inner).fields(field);
    }
  }
  template <typename T>
  bool value(std::optional<T>& field) {
    std::uint8_t present = 0;
    if (!unsigned_integer(present) || present > 1) return false;
    field.reset();
    if (present == 0) return true;
    return value(field.emplace());
  }
  template <typename T>
  bool value(std::vector<T>& field) {
    std::uint32_t count = 0;
    // Each item takes at least its four bytes of length, so a lying count fails here.
    if (!unsigned_integer(count) || count > rest_.size() / 4) return false;
    field.clear();
    for (std::uint32_t i = 0; i < count; ++i) {
      if (!value(field.emplace_back())) return false;
    }
    return true;
  }

  bool block(std::string_view& bytes) {
    std::uint32_t size = 0;
    if (!unsigned_integer(size) || size > rest_.size()) return false;
    bytes = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return true;
  }

  template <std::unsigned_integral T>
  bool unsigned_integer(T& number) {
    if (rest_.size() < sizeof(T)) return false;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) value = (value << 8) | static_cast<unsigned char>(rest_[i]);
    rest_.remove_prefix(sizeof(T));
    number = static_cast<T>(value);
    return true;
  }

  static constexpr TaskState last_of(TaskState) { return TaskState::closed; }
  static constexpr OutcomeKind last_of(OutcomeKind) { return OutcomeKind::lost; }
  static constexpr TaskIsolation last_of(TaskIsolation) { return TaskIsolation::isolated; }

  std::string_view rest_;
};

}  // namespace am::ipc
