#include "image/root_builder.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <utility>

#include "base/files.h"

namespace am::image {
namespace {

namespace fs = std::filesystem;

// What tasks need beside Debian's essential packages.
constexpr const char* kPackages =
    "python3,python3-venv,python-is-python3,ca-certificates,tzdata,locales,netbase,media-types";

// Never unpacked: what only people at a terminal read. Licences stay, as they ask for.
constexpr const char* kNotUnpacked[] = {
    "path-exclude=/usr/share/doc/*",     "path-include=/usr/share/doc/*/copyright",
    "path-exclude=/usr/share/man/*",     "path-exclude=/usr/share/info/*",
    "path-exclude=/usr/share/locale/*",  "path-exclude=/usr/share/bash-completion/*",
    "path-exclude=/usr/share/lintian/*",
};

constexpr std::pair<const char*, const char*> kLocales[] = {{"en_US", "en_US.UTF-8"},
                                                            {"ru_RU", "ru_RU.UTF-8"}};

// Needed while the image is made, or left by that: sources of locales, caches, logs, lists of packages,
// devices (a container has its own).
constexpr const char* kLeftBehind[] = {"usr/share/i18n", "usr/share/info", "usr/share/locale",
                                       "usr/share/lintian", "usr/share/bash-completion"};
constexpr const char* kEmptied[] = {"var/cache", "var/log", "var/lib/apt", "tmp", "var/tmp", "run", "dev"};

constexpr const char* kWheels = "/var/tmp/wheels";  // inside

Result<std::string> find_pip(const std::string& root) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(root + "/usr/share/python-wheels", error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("pip-") && name.ends_with(".whl"))
      return "/usr/share/python-wheels/" + name + "/pip";
  }
  return fail(ErrorCode::internal, "the image has no pip in /usr/share/python-wheels");
}

// "3.13", by the folder of the standard library.
Result<std::string> find_python(const std::string& root) {
  std::error_code error;
  const fs::path name = fs::read_symlink(root + "/usr/bin/python3", error).filename();
  if (error || !name.string().starts_with("python3.")) {
    return fail(ErrorCode::internal, "the image's /usr/bin/python3 does not lead to a python3.N");
  }
  return name.string().substr(std::string_view("python").size());
}

// No task becomes somebody else, so no program has to say that it may.
Result<void> drop_set_id_bits(const std::string& root) {
  std::error_code error;
  constexpr auto kSetId = fs::perms::set_uid | fs::perms::set_gid;
  for (auto at = fs::recursive_directory_iterator(root, error); !error && at != fs::end(at);
       at.increment(error)) {
    if (at->is_symlink() || (at->status().permissions() & kSetId) == fs::perms::none) continue;
    fs::permissions(at->path(), kSetId, fs::perm_options::remove, error);
    if (error) return fail_errno(error.value(), "cannot set the mode of {}", at->path().string());
  }
  if (error) return fail_errno(error.value(), "cannot list {}", root);
  return {};
}

// The distribution's own, whatever else stands first on PATH.
std::string host_python() {
  constexpr const char* kOwn = "/usr/bin/python3";
  return ::access(kOwn, X_OK) == 0 ? kOwn : find_program("python3");
}

}  // namespace

std::vector<std::string> fallback_packages() {
  return {"python3-aiohttp",
          "python3-aiosignal",
          "python3-async-timeout",
          "python3-attr",
          "python3-charset-normalizer",
          "python3-frozenlist",
          "python3-idna",
          "python3-lxml",
          "python3-multidict",
          "python3-psutil",
          "python3-six",
          "python3-yarl"};
}

Command RootBuilder::inside(std::vector<std::string> argv) const {
  std::vector<std::string> whole = {find_program("chroot"), root_};
  whole.insert(whole.end(), std::make_move_iterator(argv.begin()), std::make_move_iterator(argv.end()));
  return {.argv = std::move(whole),
          .environment =
              std::vector<std::string>{"PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8",
                                       "HOME=/nonexistent", "SOURCE_DATE_EPOCH=" + epoch_}};
}

Result<void> RootBuilder::make_base(const std::string& suite, const std::vector<std::string>& deb_lines,
                                    const std::vector<std::string>& apt_options,
                                    const std::vector<std::string>& more) {
  std::string packages = kPackages;
  for (const std::string& name : more) packages += "," + name;
  // "essential" has no apt in it: the image is never changed, it is made anew.
  Command command{.argv = {find_program("mmdebstrap"), "--mode=root", "--variant=essential",
                           "--format=directory", "--include=" + packages}};
  for (const char* option : kNotUnpacked) command.argv.push_back(std::string("--dpkgopt=") + option);
  for (const std::string& option : apt_options) command.argv.push_back("--aptopt=" + option);
  command.argv.push_back(suite);
  command.argv.push_back(root_);
  command.argv.insert(command.argv.end(), deb_lines.begin(), deb_lines.end());
  // The proxies of this process's environment are wanted, its language is not.
  command.environment.emplace();
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text = *variable;
    if (text.starts_with("LC_") || text.starts_with("LANG") || text.starts_with("SOURCE_DATE_EPOCH="))
      continue;
    command.environment->emplace_back(text);
  }
  command.environment->emplace_back("LC_ALL=C.UTF-8");
  command.environment->emplace_back("SOURCE_DATE_EPOCH=" + epoch_);
  return run_logged(command, log_);
}

Result<void> RootBuilder::make_locales() {
  for (const auto& [source, name] : kLocales) {
    if (auto made = run_logged(inside({"localedef", "-i", source, "-f", "UTF-8", name}), log_); !made)
      return made;
  }
  return {};
}

Result<void> RootBuilder::install_pins(const std::string& pins) {
  const auto pip = find_pip(root_);
  if (!pip) return pass_on(pip);
  const auto version = find_python(root_);
  if (!version) return pass_on(version);
  const auto content = read_file(pins);
  if (!content) return pass_on(content);
  const std::string folder = root_ + kWheels;
  if (auto made = make_folders(folder); !made) return made;
  if (auto copied = write_file_atomically(folder + "/pins.txt", *content, 0644); !copied) return copied;
  // The image's pip, run by this machine's Python: out here are the proxies, certificates and settings of the
  // package index. Environment markers are those of this machine's Python, so a package too many may come;
  // the installation inside takes what its own Python wants.
  const Command download{.argv = {host_python(), root_ + *pip, "download", "--quiet", "--no-input",
                                  "--disable-pip-version-check", "--retries", "2", "--python-version",
                                  *version, "--only-binary=:all:", "--require-hashes", "--no-deps", "-r",
                                  pins, "-d", folder}};
  if (auto downloaded = run_logged(download, log_); !downloaded) {
    const bool forged = downloaded.error().message.contains("HASHES");
    return fail(forged ? ErrorCode::conflict : ErrorCode::unavailable, "{}", downloaded.error().message);
  }
  auto installed =
      run_logged(inside({"python3", *pip, "install", "--quiet", "--no-input", "--disable-pip-version-check",
                         "--break-system-packages", "--root-user-action=ignore", "--no-index", "--find-links",
                         kWheels, "--require-hashes", "--no-deps", "--no-compile", "--no-cache-dir", "-r",
                         std::string(kWheels) + "/pins.txt"}),
                 log_);
  if (!installed) return installed;
  std::error_code error;
  fs::remove_all(folder, error);
  if (error) return fail_errno(error.value(), "cannot remove {}", folder);
  return {};
}

Result<void> RootBuilder::tidy() {
  std::error_code error;
  for (const char* name : kLeftBehind) {
    fs::remove_all(root_ + "/" + name, error);
    if (error) return fail_errno(error.value(), "cannot remove {}/{}", root_, name);
  }
  for (const char* name : kEmptied) {
    for (const auto& entry : fs::directory_iterator(root_ + "/" + name, error)) {
      fs::remove_all(entry.path(), error);
      if (error) return fail_errno(error.value(), "cannot remove {}", entry.path().string());
    }
  }
  if (auto dropped = drop_set_id_bits(root_); !dropped) return dropped;
  // Not this machine's: whoever runs tasks puts the right ones there.
  for (const char* name : {"etc/hostname", "etc/resolv.conf", "etc/machine-id"}) {
    if (auto emptied = write_file_atomically(root_ + "/" + name, "", 0644); !emptied) return emptied;
  }
  const auto version = find_python(root_);
  if (!version) return pass_on(version);
  const std::string local = "/usr/local/lib/python" + *version;
  // "unchecked": valid wherever the files are copied, whatever times they get on the way; an image is not
  // edited.
  std::vector<std::string> compile = {"python3",
                                      "-m",
                                      "compileall",
                                      "-q",
                                      "-f",
                                      "--invalidation-mode",
                                      "unchecked-hash",
                                      "/usr/lib/python3",
                                      "/usr/lib/python" + *version};
  if (fs::exists(root_ + local, error)) compile.push_back(local);
  return run_logged(inside(std::move(compile)), log_);
}

Result<void> RootBuilder::read_versions(Manifest& manifest) {
  const auto packages = output_of(inside({"dpkg-query", "-W", "-f", "${Package} ${Version}\n"}), log_);
  if (!packages) return pass_on(packages);
  manifest.debian_packages = parse_versions(*packages);
  const auto python = output_of(inside({"python3", "-I", "-c",
                                        "import importlib.metadata as m, platform\n"
                                        "print(platform.python_version())\n"
                                        "for d in m.distributions(): print(d.name, d.version)"}),
                                log_);
  if (!python) return pass_on(python);
  manifest.python_version = python->substr(0, python->find('\n'));
  manifest.python_packages = parse_versions(*python);
  return {};
}

Result<void> RootBuilder::write_manifest(const Manifest& manifest) {
  const std::string path = root_ + "/" + std::string(kManifestPath);
  if (auto made = make_folders(fs::path(path).parent_path().string()); !made) return made;
  return write_file_atomically(path, boost::json::serialize(to_json(manifest)) + "\n", 0644);
}

}  // namespace am::image
