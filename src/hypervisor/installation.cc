#include "hypervisor/installation.h"

#include <filesystem>

namespace am::hypervisor {

Result<Installation> find_installation() {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (error) return fail_errno(error.value(), "cannot find this program's own file");
  const fs::path bin = program.parent_path();
  const fs::path prefix = bin.parent_path();
  Installation found;
  found.observer = bin / "am-observer";
  if (!fs::exists(found.observer, error)) {
    return fail(ErrorCode::not_found, "{} is missing: it belongs beside {}", found.observer,
                program.string());
  }
  // A source tree has them in build/venvs and python/, an installation below share/.
  for (const fs::path& share : {prefix / "share/application-manager", prefix.parent_path()}) {
    if (!fs::exists(share / "python/ompy", error)) continue;
    found.python_path = share / "python";
    const fs::path venvs = share == prefix.parent_path() ? prefix / "venvs" : share / "venvs";
    found.default_venv = venvs / "default";
    return found;
  }
  return fail(ErrorCode::not_found, "the folder python/ompy is missing beside {}", prefix.string());
}

}  // namespace am::hypervisor
