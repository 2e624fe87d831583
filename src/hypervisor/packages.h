// Whether packages were installed in a virtual environment, or removed from it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace am::hypervisor {

class Packages {
 public:
  // As they are now; `venv`: the environment's folder.
  explicit Packages(const std::string& venv);
  // Some stat(2): what lies deeper than the folders' own entries is not looked at.
  [[nodiscard]] bool changed() const;

 private:
  struct Folder {
    std::filesystem::path path;
    std::filesystem::file_time_type changed;
  };
  void add(const std::filesystem::path& folder);

  std::vector<Folder> folders_;
};

}  // namespace am::hypervisor
