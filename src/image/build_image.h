// `am image build`: a root filesystem with Debian, Python and the pinned packages.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "image/image_info.h"

namespace am::image {

// Debian's stable release: Python 3.13.
inline constexpr std::string_view kDefaultSuite = "trixie";

struct BuildOptions {
  std::string dir;
  std::string suite;   // empty: the image's own where there is one, else kDefaultSuite
  std::string mirror;  // empty: what this machine's apt is configured with
  std::string pins;    // the file with the pinned Python packages
  bool force = false;  // also when the image is as it should be
};

struct BuildResult {
  ImageInfo image;
  bool built = false;  // nothing was to be done
};

// One sentence for people about the stage that begins.
using Progress = std::function<void(std::string_view)>;

// Makes the image, or leaves it as it is where it has the suite and the pins already. Needs root and
// mmdebstrap; the error says which is missing. A build that fails or is killed leaves a former image
// untouched.
Result<BuildResult> build_image(const BuildOptions& options, const Progress& progress);

// The bytes of all regular files in `dir`.
std::uint64_t size_of(const std::string& dir);

}  // namespace am::image
