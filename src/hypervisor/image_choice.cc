#include "hypervisor/image_choice.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

namespace am::hypervisor {
namespace {

namespace fs = std::filesystem;

// The usual places; an image for containers has its own Python below /usr/local.
constexpr const char* kInterpreters[] = {"/usr/local/bin/python3", "/usr/bin/python3"};

// Docker, Podman, systemd-nspawn and Kubernetes each leave one of these.
bool inside_a_container() {
  return std::getenv("container") != nullptr || std::getenv("KUBERNETES_SERVICE_HOST") != nullptr ||
         ::access("/.dockerenv", F_OK) == 0 || ::access("/run/.containerenv", F_OK) == 0;
}

bool exists(const std::string& path) {
  struct stat status{};
  return ::lstat(path.c_str(), &status) == 0;  // a link's target is the image's own business
}

}  // namespace

Result<Image> look_at_image(const std::string& folder) {
  std::error_code error;
  const std::string root = fs::absolute(folder, error).lexically_normal();
  if (error || !fs::is_directory(root, error))
    return fail(ErrorCode::not_found, "image: {} is not a folder with a root filesystem", folder);
  for (const char* python : kInterpreters) {
    if (exists(root + python)) return Image{root, python};
  }
  return fail(ErrorCode::invalid_argument, "image: {} has no Python 3 ({} or {})", root, kInterpreters[0],
              kInterpreters[1]);
}

Result<ImageChoice> choose_image(const std::string& wanted, const std::string& built) {
  if (wanted == "none") return ImageChoice{std::nullopt, "--image none"};
  if (!wanted.empty()) {
    auto image = look_at_image(wanted);
    if (!image) return pass_on(image);
    if (::geteuid() != 0)
      return fail(ErrorCode::forbidden, "image: {} needs root, to make a container from it; --image none works without",
                  wanted);
    return ImageChoice{std::move(*image), ""};
  }
  if (inside_a_container()) return ImageChoice{std::nullopt, "this is a container already"};
  if (::geteuid() != 0) return ImageChoice{std::nullopt, "making a container needs root"};
  auto image = look_at_image(built);
  if (!image) return ImageChoice{std::nullopt, "there is no image yet; `am image build` makes it"};
  return ImageChoice{std::move(*image), ""};
}

}  // namespace am::hypervisor
