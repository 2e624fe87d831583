#include "manager/application_copy.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "base/random.h"
#include "manager/file_tree.h"
#include "manager/place.h"

namespace am::manager {
namespace {

Result<void> copy_bytes(int source, int target, const std::string& path) {
  std::array<char, 65536> buffer{};
  for (;;) {
    const ssize_t count = ::read(source, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_errno(errno, "cannot read \"{}\"", path);
    if (count == 0) return {};
    const std::string_view piece(buffer.data(), static_cast<std::size_t>(count));
    if (!write_all(target, piece)) return disk_failure(errno, "write", path);
  }
}

// `path` below `from` becomes a new file `name` in the open folder `target`.
Result<void> copy_file(int from, const std::string& path, int target, const std::string& name) {
  const auto source = open_beneath(from, path, O_RDONLY | O_NONBLOCK);
  if (!source) return pass_on(source);
  struct stat status{};
  if (::fstat(source->get(), &status) != 0) return disk_failure(errno, "read the state of", path);
  const auto copy = open_beneath(target, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0644);
  if (!copy) return pass_on(copy);
  if (auto copied = copy_bytes(source->get(), copy->get(), path); !copied) return copied;
  if (::fchmod(copy->get(), status.st_mode & 0777U) != 0) return disk_failure(errno, "set the mode of", path);
  return {};
}

Result<void> copy_folder(int from, const Place& target) {
  // Listed before anything is made: the copy may lie beside, but never in, what is copied.
  const auto files = list_tree(from);
  if (!files) return pass_on(files);
  if (::mkdirat(target.parent.get(), target.name.c_str(), 0755) != 0) {
    return disk_failure(errno, "create the folder", target.name);
  }
  const auto folder = open_beneath(target.parent.get(), target.name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  if (!folder) return pass_on(folder);
  for (const FileInfo& file : *files) {
    if (!file.folder) {
      auto copied = copy_file(from, file.path, folder->get(), file.path);
      // Deleted by another hand meanwhile.
      if (!copied && copied.error().code != ErrorCode::not_found) return copied;
    } else if (::mkdirat(folder->get(), file.path.c_str(), 0755) != 0) {
      return disk_failure(errno, "create the folder", file.path);
    }
  }
  return {};
}

Result<void> copy_to(int root, const std::string& from, const Place& target) {
  const auto source = open_beneath(root, from, O_RDONLY | O_NONBLOCK);
  if (!source && source.error().code == ErrorCode::not_found) {
    return fail(ErrorCode::not_found, "from: there is no \"{}\"", from);
  }
  if (!source) return pass_on(source);
  const auto info = file_info(source->get(), from);
  if (!info) return pass_on(info);
  if (info->folder) return copy_folder(source->get(), target);
  return copy_file(root, from, target.parent.get(), target.name);
}

}  // namespace

Result<void> copy_in_application(int root, const std::string& from, const std::string& to) {
  const auto found = open_beneath(root, from, O_PATH);
  if (!found && found.error().code == ErrorCode::not_found) {
    return fail(ErrorCode::not_found, "from: there is no \"{}\"", from);
  }
  if (!found) return pass_on(found);
  if (from != to) {  // a copy onto itself is refused below, because it exists
    if (auto checked = check_not_inside(from, to); !checked) return checked;
  }
  const auto target = make_place(root, to);
  if (!target) return pass_on(target);
  const Place staging{UniqueFd(::fcntl(target->parent.get(), F_DUPFD_CLOEXEC, 0)),
                      std::string(kTemporaryPrefix) + random_letters(12)};
  if (!staging.parent) return fail_errno(errno, "cannot copy \"{}\"", from);
  auto copied = copy_to(root, from, staging);
  if (copied) copied = rename_place(staging, *target, from, to);
  if (!copied) {
    auto removed = remove_tree(staging.parent.get(), staging.name);
    if (!removed && removed.error().code != ErrorCode::not_found) return removed;
  }
  return copied;
}

}  // namespace am::manager
