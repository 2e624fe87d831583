#include "manager/application_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/files.h"
#include "base/random.h"
#include "manager/place.h"
#include "manager/utf8.h"

namespace am::manager {
namespace {

// What is at the place now, without following a link; nullopt where nothing is.
std::optional<struct stat> state_of(const Place& place) {
  struct stat status{};
  if (::fstatat(place.parent.get(), place.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0)
    return std::nullopt;
  return status;
}

// One tag of an If-Match list equals the file's.
bool names_version(std::string_view if_match, const std::string& etag) {
  return if_match == "*" || if_match.find(etag) != std::string_view::npos;
}

Result<void> check_condition(const Place& place, const std::optional<struct stat>& now,
                             const std::string& path, const WriteCondition& condition) {
  if (condition.only_create && now) {
    return fail(ErrorCode::precondition_failed, "If-None-Match: \"{}\" exists already", path);
  }
  if (condition.if_match.empty()) return {};
  if (!now) return fail(ErrorCode::precondition_failed, "If-Match: \"{}\" does not exist any more", path);
  const auto current = open_beneath(place.parent.get(), place.name, O_PATH | O_NOFOLLOW);
  if (!current) return pass_on(current);
  const auto info = file_info(current->get(), path);
  if (!info) return pass_on(info);
  if (names_version(condition.if_match, info->etag())) return {};
  return fail(ErrorCode::precondition_failed, "If-Match: \"{}\" was changed meanwhile; its version is {} now",
              path, info->etag());
}

// A file that disappears unless it was given its final name.
class TemporaryFile {
 public:
  static Result<TemporaryFile> create(const UniqueFd& folder, const std::string& path) {
    TemporaryFile file(folder.get(), std::string(kTemporaryPrefix) + random_letters(12));
    file.fd_ = UniqueFd(::openat(folder.get(), file.name_.c_str(),
                                 O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644));
    if (!file.fd_) return disk_failure(errno, "write", path);
    return file;
  }
  TemporaryFile(TemporaryFile&& other) noexcept = default;
  TemporaryFile& operator=(TemporaryFile&& other) = delete;
  ~TemporaryFile() {
    if (fd_ && !kept_) ::unlinkat(folder_, name_.c_str(), 0);
  }

  [[nodiscard]] int fd() const { return fd_.get(); }
  // Gives it its name, replacing what has it.
  int rename_to(const std::string& name) {
    if (::renameat(folder_, name_.c_str(), folder_, name.c_str()) != 0) return errno;
    kept_ = true;
    return 0;
  }

 private:
  TemporaryFile(int folder, std::string name) : folder_(folder), name_(std::move(name)) {}

  int folder_;
  std::string name_;
  UniqueFd fd_;
  bool kept_ = false;
};

}  // namespace

Result<void> check_path(std::string_view field, std::string_view path) {
  if (!decode_utf8(path)) return fail(ErrorCode::invalid_argument, "{}: is not valid UTF-8", field);
  if (auto checked = check_relative_path(field, path); !checked) return checked;
  if (path.starts_with(kTemporaryPrefix) ||
      path.find("/" + std::string(kTemporaryPrefix)) != std::string_view::npos) {
    return fail(ErrorCode::invalid_argument, "{}: \"{}\" is a name for files that are being written", field,
                path);
  }
  return {};
}

bool is_startable(std::string_view path) { return path.ends_with(".py") || path.ends_with(".py3"); }

Result<OpenFile> ApplicationFiles::open(int root, const std::string& path) {
  // O_NONBLOCK: a named pipe would wait for a writer; it is refused below.
  auto fd = open_beneath(root, path, O_RDONLY | O_NONBLOCK);
  if (!fd && fd.error().code == ErrorCode::not_found) {
    return fail(ErrorCode::not_found, "path: there is no \"{}\"", path);
  }
  if (!fd) return pass_on(fd);
  auto info = file_info(fd->get(), path);
  if (!info) return pass_on(info);
  if (info->folder) return fail(ErrorCode::invalid_argument, "path: \"{}\" is a folder", path);
  return OpenFile{*std::move(fd), *std::move(info)};
}

Result<Written> ApplicationFiles::write(int root, const std::string& path, std::string_view content,
                                        const WriteCondition& condition) {
  const auto place = make_place(root, path);
  if (!place) return pass_on(place);
  auto file = TemporaryFile::create(place->parent, path);
  if (!file) return pass_on(file);
  if (auto written = write_all(file->fd(), content); !written) return disk_failure(errno, "write", path);

  const std::lock_guard lock(commit_);
  const auto now = state_of(*place);
  if (auto checked = check_condition(*place, now, path, condition); !checked) return pass_on(checked);
  if (now && S_ISREG(now->st_mode) && ::fchmod(file->fd(), now->st_mode & 0777U) != 0) {
    return disk_failure(errno, "set the mode of", path);
  }
  const int error_number = file->rename_to(place->name);
  if (error_number == EISDIR || error_number == ENOTEMPTY || error_number == EEXIST) {
    return fail(ErrorCode::conflict, "path: \"{}\" is a folder", path);
  }
  if (error_number != 0) return disk_failure(error_number, "write", path);
  auto info = file_info(file->fd(), path);
  if (!info) return pass_on(info);
  return Written{*std::move(info), !now};
}

Result<void> ApplicationFiles::remove(int root, const std::string& path) {
  const auto place = find_place(root, path);
  if (!place) return pass_on(place);
  auto removed = remove_tree(place->parent.get(), place->name);
  if (!removed && removed.error().code == ErrorCode::not_found) {
    return fail(ErrorCode::not_found, "path: there is no \"{}\"", path);
  }
  return removed;
}

Result<void> ApplicationFiles::move(int root, const std::string& from, const std::string& to) {
  const auto source = find_place(root, from);
  if (!source) return fail(source.error().code, "from: there is no \"{}\"", from);
  if (!state_of(*source)) return fail(ErrorCode::not_found, "from: there is no \"{}\"", from);
  if (auto checked = check_not_inside(from, to); !checked) return checked;
  const auto target = make_place(root, to);
  if (!target) return pass_on(target);
  return rename_place(*source, *target, from, to);
}

Result<void> ApplicationFiles::make_folder(int root, const std::string& path) {
  const auto place = make_place(root, path);
  if (!place) return pass_on(place);
  if (::mkdirat(place->parent.get(), place->name.c_str(), 0755) == 0) return {};
  if (errno == EEXIST) return fail(ErrorCode::already_exists, "path: \"{}\" exists already", path);
  return disk_failure(errno, "create the folder", path);
}

Result<void> ApplicationFiles::set_executable(int root, const std::string& path, bool executable) {
  const auto fd = open_beneath(root, path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
  if (!fd && fd.error().code == ErrorCode::not_found) {
    return fail(ErrorCode::not_found, "path: there is no \"{}\"", path);
  }
  if (!fd) return pass_on(fd);
  struct stat status{};
  if (::fstat(fd->get(), &status) != 0) return disk_failure(errno, "read the state of", path);
  if (!S_ISREG(status.st_mode)) {
    return fail(ErrorCode::invalid_argument, "path: \"{}\" is not a regular file", path);
  }
  // Who may read it may run it, as with chmod +x under the usual umask.
  const mode_t readable = (status.st_mode & 0444U) >> 2U;
  const mode_t mode = executable ? (status.st_mode | readable) : (status.st_mode & ~0111U);
  if (::fchmod(fd->get(), mode & 0777U) != 0) return disk_failure(errno, "set the mode of", path);
  return {};
}

}  // namespace am::manager
