// In which root filesystem tasks run, if in any.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "image/image_info.h"

namespace am::hypervisor {

struct ImageChoice {
  std::optional<image::ImageInfo> image;  // nothing: tasks run on the host's Python
  std::string reason;                     // why not, for the log
};

// `wanted`: the option --image: "none", a folder, or empty for `built` (the installation's image) wherever
// that can be used. What was asked for by name and cannot be had is an error.
Result<ImageChoice> choose_image(const std::string& wanted, const std::string& built);

}  // namespace am::hypervisor
