#include "hypervisor/packages.h"

#include <algorithm>

namespace am::hypervisor {
namespace {

namespace fs = std::filesystem;

// The smallest value where there is no such folder.
fs::file_time_type last_change(const fs::path& folder) {
  std::error_code missing;
  return fs::last_write_time(folder, missing);
}

}  // namespace

Packages::Packages(const std::string& venv) {
  const fs::path libraries = venv + "/lib";
  add(libraries);
  std::error_code error;
  for (fs::directory_iterator entry(libraries, error), end; !error && entry != end; entry.increment(error)) {
    add(entry->path());
    add(entry->path() / "site-packages");
  }
}

void Packages::add(const fs::path& folder) { folders_.push_back({folder, last_change(folder)}); }

bool Packages::changed() const {
  return std::ranges::any_of(folders_,
                             [](const Folder& folder) { return last_change(folder.path) != folder.changed; });
}

}  // namespace am::hypervisor
