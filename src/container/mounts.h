// The kernel's mount calls, as the container's root filesystem needs them (mount_setattr(2), open_tree(2)).
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "base/error.h"
#include "base/unique_fd.h"

namespace am::container {

// The user namespace that shows the files of `owner` as those of `user` and leaves all other users and groups
// below 65536 as they are; for the idmapped mounts of mount_setattr(2).
Result<UniqueFd> owner_shown_as(uid_t owner, uid_t user);

struct MountRights {
  bool writable = false;
  int shown_by = -1;  // a user namespace of owner_shown_as(); -1: owners as they are
};

// A copy of the folder `source` with everything mounted below it, attached nowhere yet. No device files, no
// set-user-id programs in it. A symbolic link in its place is not followed.
Result<UniqueFd> take_folder(const std::string& source, const MountRights& rights);

// Attaches it at a path of this process's own root, which is made where it is missing.
Result<void> attach(int mount, const std::string& place);

// A new filesystem of a type ("tmpfs", "proc", …) at `place`, which is made where it is missing.
Result<void> mount_new(const std::string& type, const std::string& place, unsigned long flags,
                       const std::string& options = "");

}  // namespace am::container
