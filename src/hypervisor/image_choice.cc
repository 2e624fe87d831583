#include "hypervisor/image_choice.h"

#include <unistd.h>

namespace am::hypervisor {
Result<ImageChoice> choose_image(const std::string& wanted, const std::string& built) {
  if (wanted == "none") return ImageChoice{std::nullopt, "--image none"};
  if (!wanted.empty()) {
    auto image = image::describe_image(wanted);
    if (!image) return fail(image.error().code, "--image: {}", image.error().message);
    if (::geteuid() != 0)
      return fail(ErrorCode::forbidden,
                  "--image {} needs root, to make a container from it; --image none works without", wanted);
    return ImageChoice{std::move(*image), ""};
  }
  if (::geteuid() != 0) return ImageChoice{std::nullopt, "making a container needs root"};
  auto image = image::describe_image(built);
  if (!image) return ImageChoice{std::nullopt, image.error().message};
  return ImageChoice{std::move(*image), ""};
}

}  // namespace am::hypervisor
