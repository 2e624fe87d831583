#include "hypervisor/default_venv.h"

#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "base/files.h"

namespace am::hypervisor {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPutAside = "/.default.image";
constexpr const char* kMarker = "/made-for-image";
constexpr auto kMakeFor = std::chrono::seconds(10);

// See the documentation of Python's module `venv`: pyvenv.cfg makes a folder an environment.
constexpr const char* kMake = R"(
import os, sys
venv, python, version = sys.argv[1:]
marker = venv + '/made-for-image'
if not os.path.exists(venv) or os.path.exists(marker):
    os.makedirs(venv + '/bin', exist_ok=True)
    for name, target in ('python', python), ('python3', 'python'):
        if os.path.lexists(f'{venv}/bin/{name}'):
            os.unlink(f'{venv}/bin/{name}')
        os.symlink(target, f'{venv}/bin/{name}')
    with open(venv + '/pyvenv.cfg', 'w') as file:
        file.write(f'home = {os.path.dirname(python)}\ninclude-system-site-packages = true\nversion = {version}\n')
    with open(marker, 'w') as file:
        file.write(python + '\n')
)";

bool is_of_image(const std::string& venv) { return ::access((venv + kMarker).c_str(), F_OK) == 0; }

Result<void> move(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return fail_errno(errno, "cannot move {} to {}", from, to);
  return {};
}

}  // namespace

Result<void> link_default_venv(const std::string& venvs, const std::string& installed) {
  if (auto made = make_folders(venvs); !made) return made;
  const std::string link = venvs + "/default";
  std::error_code error;
  if (is_of_image(link)) {
    if (auto moved = move(link, venvs + kPutAside); !moved) return moved;
  }
  if (::access((link + "/bin/python").c_str(), X_OK) == 0) return {};
  if (fs::is_symlink(link, error)) fs::remove(link, error);  // it leads nowhere
  fs::create_directory_symlink(installed, link, error);
  if (error) return fail_errno(error.value(), "cannot link {} to {}", link, installed);
  return {};
}

Result<void> make_default_venv_of_image(const std::string& venvs, const InterpreterPlace& place,
                                        const std::string& python, const std::string& version) {
  const std::string venv = venvs + "/default";
  std::error_code error;
  if (fs::is_symlink(venv, error)) fs::remove(venv, error);  // link_default_venv()'s
  if (!fs::exists(fs::symlink_status(venv, error)) && is_of_image(venvs + kPutAside)) {
    if (auto moved = move(venvs + kPutAside, venv); !moved) return moved;
  }
  const auto made = run_python(place, python, kMake, {place.venvs + "/default", python, version}, kMakeFor);
  if (!made)
    return fail(made.error().code, "cannot make the virtual environment default: {}", made.error().message);
  return {};
}

}  // namespace am::hypervisor
