// For tests: a folder of their own that is gone at their end.
#pragma once

#include <filesystem>
#include <string>

#include "base/random.h"

namespace am::manager {

class TemporaryFolder {
 public:
  TemporaryFolder() { std::filesystem::create_directory(path_); }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_ = std::filesystem::temp_directory_path() / ("am-test-" + random_letters(12));
};

}  // namespace am::manager
