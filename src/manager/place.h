// A name in an open folder: how files are found, made and replaced without ever following a path twice.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "base/unique_fd.h"

namespace am::manager {

struct Place {
  UniqueFd parent;
  std::string name;
};

// Of a path below the open folder `root`; the folder that it is in must be there. not_found.
Result<Place> find_place(int root, const std::string& path);

// The same, with the missing folders made. conflict where a file stands in the way.
Result<Place> make_place(int root, const std::string& path);

// A full or read-only disk is a state that passes (unavailable); the rest is a fault (internal).
std::unexpected<Error> disk_failure(int error_number, std::string_view action, std::string_view path);

// invalid_argument when `to` is `from` itself or inside it; the error names both.
Result<void> check_not_inside(const std::string& from, const std::string& to);

// Gives what is at `source` the place `target`, where nothing may be. already_exists names `to`.
Result<void> rename_place(const Place& source, const Place& target, const std::string& from,
                          const std::string& to);

}  // namespace am::manager
