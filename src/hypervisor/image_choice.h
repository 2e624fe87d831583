// In which root filesystem tasks run, if in any.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"

namespace am::hypervisor {

struct Image {
  std::string folder;  // the root filesystem, absolute
  std::string python;  // its interpreter as tasks see it: "/usr/bin/python3"
};

struct ImageChoice {
  std::optional<Image> image;  // nothing: tasks run on the host's Python
  std::string reason;          // why not, for the log
};

// `wanted`: the option --image: "none", a folder, or empty for `built` (the installation's image) wherever that can be
// used. What was asked for by name and cannot be had is an error.
Result<ImageChoice> choose_image(const std::string& wanted, const std::string& built);

// The interpreter of a root filesystem.
Result<Image> look_at_image(const std::string& folder);

}  // namespace am::hypervisor
