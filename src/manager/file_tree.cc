#include "manager/file_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "base/files.h"
#include "manager/utf8.h"

namespace am::manager {
namespace {

// Deeper nesting than a path of the API can name; bounds the recursion and its descriptors.
constexpr unsigned kDepthLimit = 512;

struct DirCloser {
  void operator()(DIR* dir) const { ::closedir(dir); }
};

std::string joined(const std::string& folder, const std::string& name) {
  return folder.empty() ? name : folder + "/" + name;
}

bool is_listed(const std::string& path, const std::string& name) {
  return !name.starts_with(kTemporaryPrefix) && check_relative_path("path", path) && decode_utf8(name);
}

Result<void> list_folder(int root, int folder, const std::string& folder_path, unsigned depth,
                         std::vector<FileInfo>& found) {
  if (depth > kDepthLimit) return {};
  const auto names = folder_names(folder);
  if (!names) return pass_on(names);
  for (const std::string& name : *names) {
    const std::string path = joined(folder_path, name);
    if (!is_listed(path, name)) continue;
    const auto entry = open_beneath(root, path, O_PATH);
    if (!entry) continue;  // gone meanwhile, or a link that leads nowhere or outside
    auto info = file_info(entry->get(), path);
    if (!info) continue;  // neither file nor folder
    const bool folder_itself = info->folder;
    if (folder_itself) {
      const UniqueFd inside(::openat(folder, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
      if (!inside) continue;  // a link to a folder: its files are listed where they are
      found.push_back(*std::move(info));
      if (auto listed = list_folder(root, inside.get(), path, depth + 1, found); !listed) return listed;
    } else {
      found.push_back(*std::move(info));
    }
    if (found.size() > kFileTreeLimit) {
      return fail(ErrorCode::too_large, "the application has more than {} files and folders", kFileTreeLimit);
    }
  }
  return {};
}

Result<void> remove_entry(int parent, const std::string& name, unsigned depth) {
  if (::unlinkat(parent, name.c_str(), 0) == 0) return {};
  if (errno == ENOENT) return fail(ErrorCode::not_found, "there is no \"{}\"", name);
  if (errno != EISDIR && errno != EPERM) return fail_errno(errno, "cannot delete \"{}\"", name);
  if (depth > kDepthLimit) return fail(ErrorCode::invalid_argument, "\"{}\" is nested too deep", name);
  const UniqueFd folder(::openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!folder) return fail_errno(errno, "cannot open the folder \"{}\"", name);
  const auto names = folder_names(folder.get());
  if (!names) return pass_on(names);
  for (const std::string& inner : *names) {
    auto removed = remove_entry(folder.get(), inner, depth + 1);
    if (!removed && removed.error().code != ErrorCode::not_found) return removed;
  }
  if (::unlinkat(parent, name.c_str(), AT_REMOVEDIR) != 0) {
    return fail_errno(errno, "cannot delete the folder \"{}\"", name);
  }
  return {};
}

}  // namespace

std::string FileInfo::etag() const { return fmt::format("\"{:x}-{:x}-{:x}\"", inode, size, modified_ns); }

Result<FileInfo> file_info(int fd, std::string path) {
  struct stat status{};
  if (::fstat(fd, &status) != 0) return fail_errno(errno, "cannot read the state of \"{}\"", path);
  const bool folder = S_ISDIR(status.st_mode);
  if (!folder && !S_ISREG(status.st_mode)) {
    return fail(ErrorCode::invalid_argument, "path: \"{}\" is neither a file nor a folder", path);
  }
  return FileInfo{.path = std::move(path),
                  .folder = folder,
                  .size = folder ? 0 : static_cast<std::uint64_t>(status.st_size),
                  .modified_ns = status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec,
                  .inode = status.st_ino,
                  .executable = !folder && (status.st_mode & S_IXUSR) != 0};
}

Result<std::vector<std::string>> folder_names(int folder) {
  // A description of its own, so that the position in the folder is not shared with the caller's.
  UniqueFd fd(::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return fail_errno(errno, "cannot open a folder");
  const std::unique_ptr<DIR, DirCloser> dir(::fdopendir(fd.get()));
  if (!dir) return fail_errno(errno, "cannot read a folder");
  static_cast<void>(fd.release());  // closedir() closes it
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* entry = ::readdir(dir.get())) {
    std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(std::move(name));
    errno = 0;
  }
  if (errno != 0) return fail_errno(errno, "cannot read a folder");
  std::ranges::sort(names);
  return names;
}

Result<std::vector<FileInfo>> list_tree(int root) {
  std::vector<FileInfo> found;
  if (auto listed = list_folder(root, root, "", 0, found); !listed) return pass_on(listed);
  return found;
}

Result<void> remove_tree(int parent, const std::string& name) { return remove_entry(parent, name, 0); }

}  // namespace am::manager
