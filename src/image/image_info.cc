#include "image/image_info.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <filesystem>

#include "base/files.h"
#include "image/image_root.h"

namespace am::image {
namespace {

namespace fs = std::filesystem;

// The order of PATH: the images of Docker's `python` have theirs in /usr/local beside the distribution's.
constexpr std::array kPythonPaths = {"/usr/local/bin/python3", "/usr/bin/python3"};
constexpr int kOldestMinor = 8;  // what ompy needs

// The value of `NAME="value"` in a file like /etc/os-release.
std::string assigned(std::string_view text, std::string_view name) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (!line.starts_with(name) || !line.substr(name.size()).starts_with('=')) continue;
    line.remove_prefix(name.size() + 1);
    if (line.size() >= 2 && (line.front() == '"' || line.front() == '\'') && line.back() == line.front()) {
      line = line.substr(1, line.size() - 2);
    }
    return std::string(line);
  }
  return {};
}

bool is_program(int root_fd, const char* path) {
  const auto place = open_in_root(root_fd, path, O_PATH);
  struct stat status{};
  return place && ::fstat(place->get(), &status) == 0 && S_ISREG(status.st_mode) &&
         (status.st_mode & 0111) != 0;
}

// The full version where Python's header is there to tell ("3.13.1"), else what the name tells.
std::string found_version(int root_fd, const std::string& python_path) {
  const auto name = resolved_name(root_fd, python_path);
  if (!name) return {};
  std::string version = version_of_name(*name);
  if (version.empty()) return {};
  const fs::path prefix = fs::path(python_path).parent_path().parent_path();
  const auto header =
      read_in_root(root_fd, (prefix / "include" / ("python" + version) / "patchlevel.h").string());
  if (!header) return version;
  constexpr std::string_view kDefine = "#define PY_VERSION";
  const std::size_t at = header->find(kDefine);
  if (at == std::string::npos) return version;
  const std::size_t opened = header->find('"', at);
  const std::size_t closed = opened == std::string::npos ? opened : header->find('"', opened + 1);
  return closed == std::string::npos ? version : header->substr(opened + 1, closed - opened - 1);
}

Result<UniqueFd> open_image(const std::string& dir) {
  UniqueFd fd(::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd) return fd;
  const int why = errno;
  if (why == ENOENT)
    return fail(ErrorCode::not_found, "there is no image at {}; `am image build` makes one", dir);
  if (why == ENOTDIR) {
    return fail(ErrorCode::invalid_argument, "{} is no folder; an image is the folder of a root filesystem",
                dir);
  }
  return fail_errno(why, "cannot open the image {}", dir);
}

}  // namespace

std::string version_of_name(std::string_view name) {
  constexpr std::string_view kPrefix = "python3.";
  if (!name.starts_with(kPrefix)) return {};
  const std::string_view minor = name.substr(kPrefix.size());
  const bool is_number = !minor.empty() && minor.find_first_not_of("0123456789") == std::string_view::npos;
  return is_number ? "3." + std::string(minor) : std::string();
}

Result<ImageInfo> inspect_image(const std::string& dir) {
  auto root = open_image(dir);
  if (!root) return pass_on(root);
  ImageInfo info;
  std::error_code error;
  info.dir = fs::canonical(dir, error).string();
  if (error) return fail_errno(error.value(), "cannot find out the path of the image {}", dir);
  for (const char* path : kPythonPaths) {
    if (!is_program(root->get(), path)) continue;
    info.python_path = path;
    info.python_version = found_version(root->get(), path);
    break;
  }
  if (const auto release = read_in_root(root->get(), "/etc/os-release"))
    info.os = assigned(*release, "PRETTY_NAME");
  const auto text = read_in_root(root->get(), std::string(kManifestPath));
  if (!text) {
    if (text.error().code != ErrorCode::not_found) return pass_on(text);
    return info;
  }
  auto manifest = parse_manifest(*text);
  if (!manifest) {
    return fail(manifest.error().code, "{}: {}; `am image build` makes a new one", dir,
                manifest.error().message);
  }
  info.is_ours = true;
  info.python_version = manifest->python_version;
  info.note = manifest->note;
  info.manifest = std::move(*manifest);
  return info;
}

Result<ImageInfo> describe_image(const std::string& dir) {
  auto info = inspect_image(dir);
  if (!info) return info;
  if (info->python_path.empty()) {
    return fail(
        ErrorCode::invalid_argument,
        "the image {} has no python3: neither /usr/local/bin/python3 nor /usr/bin/python3 is a program "
        "in it",
        dir);
  }
  const std::string_view version = info->python_version;
  int minor = kOldestMinor;
  if (version.starts_with("3.")) std::from_chars(version.data() + 2, version.data() + version.size(), minor);
  if (minor < kOldestMinor) {
    return fail(ErrorCode::invalid_argument, "the image {} has Python {}; tasks need 3.{} or newer", dir,
                version, kOldestMinor);
  }
  return info;
}

Result<UniqueFd> hold_image(const std::string& dir) {
  auto root = open_image(dir);
  if (!root) return root;
  // Exclusive only for the moment in which a build looks whether anybody holds it.
  while (::flock(root->get(), LOCK_SH) != 0) {
    if (errno != EINTR) return fail_errno(errno, "cannot lock the image {}", dir);
  }
  return root;
}

}  // namespace am::image
