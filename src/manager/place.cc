#include "manager/place.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>

#include "base/files.h"

namespace am::manager {
namespace {

std::pair<std::string, std::string> split(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return {".", path};
  return {path.substr(0, slash), path.substr(slash + 1)};
}

Result<UniqueFd> open_parent(int root, const std::string& folder, const std::string& path) {
  auto parent = open_beneath(root, folder, O_RDONLY | O_DIRECTORY);
  if (!parent && parent.error().code == ErrorCode::not_found) {
    return fail(ErrorCode::not_found, "path: there is no \"{}\"", path);
  }
  return parent;
}

// Opens the folder `path`, creating what is missing of it.
Result<UniqueFd> open_or_make_folder(int root, const std::string& path) {
  auto folder = open_beneath(root, path, O_RDONLY | O_DIRECTORY);
  if (folder || folder.error().code != ErrorCode::not_found) return folder;
  auto [above, name] = split(path);
  if (name == ".") return folder;
  auto parent = open_or_make_folder(root, above);
  if (!parent) return parent;
  if (::mkdirat(parent->get(), name.c_str(), 0755) != 0 && errno != EEXIST) {
    return disk_failure(errno, "create the folder", path);
  }
  folder = open_beneath(root, path, O_RDONLY | O_DIRECTORY);
  if (!folder && folder.error().code == ErrorCode::not_found) {
    return fail(ErrorCode::conflict, "path: \"{}\" is a file, not a folder", path);
  }
  return folder;
}

}  // namespace

Result<Place> find_place(int root, const std::string& path) {
  auto [folder, name] = split(path);
  auto parent = open_parent(root, folder, path);
  if (!parent) return pass_on(parent);
  return Place{*std::move(parent), std::move(name)};
}

Result<Place> make_place(int root, const std::string& path) {
  auto [folder, name] = split(path);
  auto parent = open_or_make_folder(root, folder);
  if (!parent) return pass_on(parent);
  return Place{*std::move(parent), std::move(name)};
}

std::unexpected<Error> disk_failure(int error_number, std::string_view action, std::string_view path) {
  const bool passes = error_number == ENOSPC || error_number == EDQUOT || error_number == EROFS;
  return fail(passes ? ErrorCode::unavailable : ErrorCode::internal, "cannot {} \"{}\": {}", action, path,
              errno_text(error_number));
}

Result<void> check_not_inside(const std::string& from, const std::string& to) {
  if (to != from && !to.starts_with(from + "/")) return {};
  return fail(ErrorCode::invalid_argument, "to: \"{}\" is \"{}\" itself or inside it", to, from);
}

Result<void> rename_place(const Place& source, const Place& target, const std::string& from,
                          const std::string& to) {
  if (::renameat2(source.parent.get(), source.name.c_str(), target.parent.get(), target.name.c_str(),
                  RENAME_NOREPLACE) == 0) {
    return {};
  }
  if (errno == EEXIST) return fail(ErrorCode::already_exists, "to: \"{}\" exists already", to);
  if (errno == ENOENT) return fail(ErrorCode::not_found, "from: there is no \"{}\"", from);
  return disk_failure(errno, "move", from);
}

}  // namespace am::manager
