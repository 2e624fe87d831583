#include "image/image_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <vector>

#include "base/files.h"
#include "image/image_root.h"
#include "image/manifest.h"

namespace am::image {
namespace {

namespace fs = std::filesystem;

// A space, tab, newline or backslash of a path stands as \040 in mountinfo.
std::string unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\' || at + 3 >= text.size()) {
      plain += text[at];
      continue;
    }
    plain += static_cast<char>((text[at + 1] - '0') * 64 + (text[at + 2] - '0') * 8 + (text[at + 3] - '0'));
    at += 3;
  }
  return plain;
}

// Whether a hypervisor runs tasks in it (hold_image).
bool is_held(const std::string& dir) {
  const UniqueFd fd(::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return fd && ::flock(fd.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

Result<UniqueFd> open_lock(const ImageFolder& folder) {
  const std::string file = folder.lock_file();
  UniqueFd lock(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!lock) return fail_errno(errno, "cannot open {}", file);
  return lock;
}

}  // namespace

std::string ImageFolder::new_dir() const { return fmt::format("{}.new-{}", dir, ::getpid()); }
std::string ImageFolder::old_dir() const { return fmt::format("{}.old-{}", dir, ::getpid()); }

bool has_manifest(const std::string& dir) {
  const auto root = open_folder(dir);
  return root && open_in_root(root->get(), std::string(kManifestPath), O_PATH);
}

Result<ImageFolder> image_folder(const std::string& dir) {
  if (dir.empty()) return fail(ErrorCode::invalid_argument, "DIR: \"\" is no path of a folder");
  std::error_code error;
  fs::path path = fs::weakly_canonical(fs::absolute(dir), error);
  if (error) return fail_errno(error.value(), "DIR: cannot find out the path of {}", dir);
  if (!path.has_filename()) path = path.parent_path();  // a `/` at the end
  if (path == path.root_path()) {
    return fail(ErrorCode::invalid_argument, "DIR: {} is this machine's own root filesystem", dir);
  }
  ImageFolder folder{path.string()};
  const auto status = fs::status(path, error);
  if (!fs::exists(status)) return folder;
  if (!fs::is_directory(status)) {
    return fail(ErrorCode::invalid_argument,
                "DIR: {} is no folder; an image is the folder of a root filesystem", dir);
  }
  if (!fs::is_empty(path, error) && !has_manifest(folder.dir)) {
    return fail(
        ErrorCode::conflict,
        "DIR: {} has something in it that `am image build` did not make, so it is left alone; name another "
        "folder or empty this one",
        dir);
  }
  return folder;
}

Result<UniqueFd> try_lock(const ImageFolder& folder) {
  auto lock = open_lock(folder);
  if (!lock) return lock;
  if (::flock(lock->get(), LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno == EWOULDBLOCK) return UniqueFd();
  return fail_errno(errno, "cannot lock {}", folder.lock_file());
}

Result<UniqueFd> wait_for_lock(const ImageFolder& folder) {
  auto lock = open_lock(folder);
  if (!lock) return lock;
  while (::flock(lock->get(), LOCK_EX) != 0) {
    if (errno != EINTR) return fail_errno(errno, "cannot lock {}", folder.lock_file());
  }
  return lock;
}

Result<void> remove_leftovers(const ImageFolder& folder) {
  const fs::path path(folder.dir);
  const std::string unfinished = path.filename().string() + ".new-";
  const std::string former = path.filename().string() + ".old-";
  std::error_code error;
  std::vector<std::string> found;
  for (const auto& entry : fs::directory_iterator(path.parent_path(), error)) {
    const std::string name = entry.path().filename().string();
    const bool is_former = name.starts_with(former) && !is_held(entry.path().string());
    if (name.starts_with(unfinished) || is_former) found.push_back(entry.path().string());
  }
  if (error) return fail_errno(error.value(), "cannot list {}", path.parent_path().string());
  for (const std::string& dir : found) {
    if (auto removed = remove_tree(dir); !removed) return removed;
  }
  return {};
}

Result<void> remove_tree(const std::string& dir) {
  // Where a build was killed at the wrong moment the machine's /dev or /proc could still be mounted inside.
  const auto mounts = read_file("/proc/self/mountinfo");
  if (!mounts) return pass_on(mounts);
  if (const std::string mounted = mount_below(*mounts, dir); !mounted.empty()) {
    return fail(ErrorCode::conflict, "{} is not removed because {} is mounted; `umount -R {}` first", dir,
                mounted, mounted);
  }
  std::error_code error;
  fs::remove_all(dir, error);
  if (error) return fail_errno(error.value(), "cannot remove {}", dir);
  return {};
}

Result<void> put_in_place(const ImageFolder& folder) {
  const std::string made = folder.new_dir();
  if (!has_manifest(folder.dir)) {  // not there, or empty
    if (::rename(made.c_str(), folder.dir.c_str()) == 0) return {};
    return fail_errno(errno, "cannot rename {} to {}", made, folder.dir);
  }
  if (::renameat2(AT_FDCWD, made.c_str(), AT_FDCWD, folder.dir.c_str(), RENAME_EXCHANGE) != 0) {
    return fail_errno(errno, "cannot exchange {} and {}", made, folder.dir);
  }
  // What is now at `made` is the former image.
  if (!is_held(made)) return remove_tree(made);
  if (::rename(made.c_str(), folder.old_dir().c_str()) == 0) return {};
  return fail_errno(errno, "cannot rename {} to {}", made, folder.old_dir());
}

std::string mount_below(std::string_view mountinfo, std::string_view dir) {
  while (!mountinfo.empty()) {
    const std::size_t end = mountinfo.find('\n');
    std::string_view line = mountinfo.substr(0, end);
    mountinfo.remove_prefix(end == std::string_view::npos ? mountinfo.size() : end + 1);
    // The fifth field of "36 35 98:0 / /mnt rw - ext4 /dev/sda1 rw".
    for (int skipped = 0; skipped < 4 && !line.empty(); ++skipped) {
      const std::size_t space = line.find(' ');
      line.remove_prefix(space == std::string_view::npos ? line.size() : space + 1);
    }
    std::string point = unescaped(line.substr(0, line.find(' ')));
    if (point == dir || (point.starts_with(dir) && point[dir.size()] == '/')) return point;
  }
  return {};
}

}  // namespace am::image
