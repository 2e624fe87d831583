#include "hypervisor/installation.h"

#include <filesystem>

#include "base/installed_files.h"

namespace am::hypervisor {

Result<Installation> find_installation() {
  const auto files = find_installed_files();
  if (!files) return pass_on(files);
  Installation found{.observer = files->bin + "/am-observer",
                     .default_venv = files->venvs + "/default",
                     .python_path = files->python,
                     .image = files->image};
  std::error_code error;
  if (!std::filesystem::exists(found.observer, error)) {
    return fail(ErrorCode::not_found, "{} is missing: it belongs beside {}/am", found.observer, files->bin);
  }
  return found;
}

}  // namespace am::hypervisor
