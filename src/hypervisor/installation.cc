#include "hypervisor/installation.h"

#include <filesystem>

#include "base/installed_files.h"

namespace am::hypervisor {

Result<Installation> find_installation() {
  const auto files = find_installed_files();
  if (!files) return pass_on(files);
  Installation found{.observer = files->bin + "/am-observer",
                     .container = files->bin + "/am-container",
                     .default_venv = files->venvs + "/default",
                     .python_path = files->python,
                     .image = files->image};
  std::error_code error;
  for (const std::string& program : {found.observer, found.container}) {
    if (!std::filesystem::exists(program, error))
      return fail(ErrorCode::not_found, "{} is missing: it belongs beside {}/am", program, files->bin);
  }
  return found;
}

}  // namespace am::hypervisor
