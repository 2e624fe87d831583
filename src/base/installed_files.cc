#include "base/installed_files.h"

#include <filesystem>

namespace am {

namespace fs = std::filesystem;

Result<InstalledFiles> find_installed_files() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (error) return fail_errno(error.value(), "cannot find this program's own file");
  return find_installed_files(program.string());
}

Result<InstalledFiles> find_installed_files(const std::string& program) {
  const fs::path bin = fs::path(program).parent_path();
  const fs::path prefix = bin.parent_path();
  // A source tree has what is made in build/ and python/ beside that; an installation has all below share/.
  const fs::path share = prefix / "share/application-manager";
  std::error_code error;
  for (const auto& [python, made] :
       {std::pair{share / "python", share}, std::pair{prefix.parent_path() / "python", prefix}}) {
    if (!fs::exists(python / "ompy", error)) continue;
    return InstalledFiles{.bin = bin, .python = python, .venvs = made / "venvs", .image = made / "image"};
  }
  return fail(ErrorCode::not_found, "the folder python/ompy is missing beside {}", prefix.string());
}

}  // namespace am
