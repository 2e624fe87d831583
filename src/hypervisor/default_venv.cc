#include "hypervisor/default_venv.h"

#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "base/files.h"
#include "hypervisor/task_users.h"

namespace am::hypervisor {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPutAside = "/.default.image";
constexpr const char* kMarker = "/made-for-image";

bool is_of_image(const std::string& venv) { return ::access((venv + kMarker).c_str(), F_OK) == 0; }

Result<void> move(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return fail_errno(errno, "cannot move {} to {}", from, to);
  return {};
}

Result<void> link_to(const std::string& target, const std::string& link) {
  ::unlink(link.c_str());
  if (::symlink(target.c_str(), link.c_str()) != 0) return fail_errno(errno, "cannot make {}", link);
  return {};
}

// So that `pip install` works in a task. What tasks have put there is theirs already.
Result<void> give_to_tasks(const std::string& folder) {
  for (const std::string& path : {folder, folder + "/bin", folder + "/lib"}) {
    if (::lchown(path.c_str(), kTaskUser, kTaskUser) != 0)
      return fail_errno(errno, "cannot give {} to the task user", path);
  }
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

Result<void> make_default_venv_of_image(const std::string& venvs, const std::string& python,
                                        const std::string& version) {
  const std::string venv = venvs + "/default";
  std::error_code error;
  if (fs::is_symlink(venv, error)) fs::remove(venv, error);  // link_default_venv()'s
  if (!fs::exists(venv, error) && is_of_image(venvs + kPutAside)) {
    if (auto moved = move(venvs + kPutAside, venv); !moved) return moved;
  }
  if (fs::exists(venv, error) && !is_of_image(venv)) return {};
  auto done = make_folders(venv + "/bin", 0755);
  if (done) done = make_folders(venv + "/lib", 0755);
  // See the documentation of Python's module `venv`: this file makes the folder an environment.
  if (done) {
    done = write_file_atomically(
        venv + "/pyvenv.cfg",
        fmt::format("home = {}\ninclude-system-site-packages = true\nversion = {}\n",
                    fs::path(python).parent_path().string(), version),
        0644);
  }
  if (done) done = link_to(python, venv + "/bin/python");
  if (done) done = link_to("python", venv + "/bin/python3");
  if (done) done = give_to_tasks(venv);
  if (done) done = write_file_atomically(venv + kMarker, python + "\n", 0644);
  return done;
}

}  // namespace am::hypervisor
