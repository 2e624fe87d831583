// Fields to bytes.
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "ipc/schema.h"

namespace am::ipc {

class Writer {
 public:
  template <typename T>
  void value(const T& field) {
    if constexpr (std::is_enum_v<T>) {
      unsigned_integer(static_cast<std::uint8_t>(field));
    } else if constexpr (std::same_as<T, double>) {
      unsigned_integer(std::bit_cast<std::uint64_t>(field));
    } else if constexpr (std::same_as<T, bool>) {
      unsigned_integer(static_cast<std::uint8_t>(field ? 1 : 0));
    } else if constexpr (std::integral<T>) {
      unsigned_integer(static_cast<std::make_unsigned_t<T>>(field));
    } else if constexpr (std::same_as<T, std::string>) {
      unsigned_integer(static_cast<std::uint32_t>(field.size()));
      bytes_ += field;
    } else {
      structure(field);
    }
  }
  template <typename T>
  void value(const std::optional<T>& field) {
    unsigned_integer(static_cast<std::uint8_t>(field.has_value() ? 1 : 0));
    if (field) value(*field);
  }
  template <typename T>
  void value(const std::vector<T>& field) {
    unsigned_integer(static_cast<std::uint32_t>(field.size()));
    for (const T& item : field) value(item);
  }

  // The fields of a message, without a length of their own: the frame has it.
  template <typename T>
  void fields(const T& message) {
    std::apply([&](auto... members) { (value(message.*members), ...); }, kFields<T>);
  }

  [[nodiscard]] std::string take() { return std::move(bytes_); }

 private:
  // A struct inside a message carries its length, so that it can grow too.
  template <typename T>
  void structure(const T& field) {
    Writer inner;
    inner.fields(field);
    value(inner.take());
  }

  template <std::unsigned_integral T>
  void unsigned_integer(T number) {
    for (int shift = static_cast<int>(sizeof(T)) * 8 - 8; shift >= 0; shift -= 8) {
      bytes_ += static_cast<char>((number >> shift) & 0xff);
    }
  }

  std::string bytes_;
};

}  // namespace am::ipc
