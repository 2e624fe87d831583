// Files inside of a root filesystem, as a process sees them that has it as its root.
#pragma once

#include <string>

#include "base/error.h"
#include "base/unique_fd.h"

namespace am::image {

// Opens `path` below the folder `root_fd` as if that were `/`: an absolute symbolic link and `..` stay
// inside. `flags` as for open(2); O_CLOEXEC is added. not_found where there is nothing.
Result<UniqueFd> open_in_root(int root_fd, const std::string& path, int flags);

// The content of the regular file at `path` inside.
Result<std::string> read_in_root(int root_fd, const std::string& path);

// The file's own name behind all symbolic links, for example "python3.13" for /usr/bin/python3.
Result<std::string> resolved_name(int root_fd, const std::string& path);

}  // namespace am::image
