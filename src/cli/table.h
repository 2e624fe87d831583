// Aligned columns for people.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace am::cli {

class Table {
 public:
  explicit Table(std::vector<std::string> header) : rows_{std::move(header)} {}
  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  // Every row on a line of its own, two spaces between columns, none at the end of a line. Control characters
  // of a cell are shown as "?".
  [[nodiscard]] std::string text() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

// "name:   value" lines with the values in one column.
std::string aligned_fields(const std::vector<std::pair<std::string, std::string>>& fields);

// Code points of UTF-8 text, what a terminal gives a column each for most writing.
std::size_t width_of(std::string_view text);

}  // namespace am::cli
