#include "container/mounts.h"

#include <fcntl.h>
#include <linux/mount.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "base/files.h"
#include "process/user_namespace.h"

namespace am::container {
namespace {

constexpr std::uint32_t kOrdinaryUsers = 65536;

// Lines of a uid_map that send `owner` to `user` and every other ordinary user to itself.
std::string map_with(uid_t owner, uid_t user) {
  std::string map = fmt::format("{} {} 1\n", owner, user);
  if (owner >= kOrdinaryUsers) return map + fmt::format("0 0 {}\n", kOrdinaryUsers);
  if (owner > 0) map += fmt::format("0 0 {}\n", owner);
  if (owner + 1 < kOrdinaryUsers) {
    map += fmt::format("{} {} {}\n", owner + 1, owner + 1, kOrdinaryUsers - owner - 1);
  }
  return map;
}

}  // namespace

Result<UniqueFd> owner_shown_as(uid_t owner, uid_t user) {
  const std::string map = map_with(owner, user);
  return process::make_user_namespace(map, map);
}

Result<UniqueFd> take_folder(const std::string& source, const MountRights& rights) {
  UniqueFd mount(
      static_cast<int>(::syscall(SYS_open_tree, AT_FDCWD, source.c_str(),
                                 OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE | AT_SYMLINK_NOFOLLOW)));
  if (!mount) return fail_errno(errno, "cannot take the folder {}", source);
  mount_attr attributes{};
  attributes.attr_set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
  if (!rights.writable) attributes.attr_set |= MOUNT_ATTR_RDONLY;
  if (rights.shown_by >= 0) {
    attributes.attr_set |= MOUNT_ATTR_IDMAP;
    attributes.userns_fd = static_cast<std::uint64_t>(rights.shown_by);
  }
  attributes.propagation = MS_PRIVATE;
  if (::syscall(SYS_mount_setattr, mount.get(), "", AT_EMPTY_PATH | AT_RECURSIVE, &attributes,
                sizeof attributes) != 0) {
    return fail_errno(errno, "cannot mount {} {}{}", source, rights.writable ? "writable" : "read-only",
                      rights.shown_by >= 0 ? " with another owner" : "");
  }
  return mount;
}

Result<void> attach(int mount, const std::string& place) {
  if (auto made = make_folders(place); !made) return made;
  if (::syscall(SYS_move_mount, mount, "", AT_FDCWD, place.c_str(), MOVE_MOUNT_F_EMPTY_PATH) != 0) {
    return fail_errno(errno, "cannot mount at {}", place);
  }
  return {};
}

Result<void> mount_new(const std::string& type, const std::string& place, unsigned long flags,
                       const std::string& options) {
  if (auto made = make_folders(place); !made) return made;
  if (::mount(type.c_str(), place.c_str(), type.c_str(), flags, options.c_str()) != 0) {
    return fail_errno(errno, "cannot mount {} at {}", type, place);
  }
  return {};
}

}  // namespace am::container
