// What a root filesystem has for tasks: ours by its own description, any other by a look into it.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "base/unique_fd.h"
#include "image/manifest.h"

namespace am::image {

struct ImageInfo {
  std::string dir;             // the absolute path, symbolic links resolved
  std::string python_path;     // inside: "/usr/local/bin/python3" or "/usr/bin/python3"; empty: there is none
  std::string python_version;  // "3.13.5", "3.13" where no more is known, empty where nothing is
  std::string os;              // PRETTY_NAME of /etc/os-release, empty where there is none
  std::string note;            // what is not as asked for; empty: nothing
  bool is_ours = false;        // `am image build` made it
  std::optional<Manifest> manifest;
};

// All that can be said without running anything of it. not_found where `dir` is not there.
Result<ImageInfo> inspect_image(const std::string& dir);

// The same for whoever runs tasks in it: an error where there is no python3, or one that is too old for ompy.
Result<ImageInfo> describe_image(const std::string& dir);

// While the descriptor lives, a new build leaves this image's files where they are (beside the new one).
Result<UniqueFd> hold_image(const std::string& dir);

// "3.13" of a file name like "python3.13"; empty for another name.
std::string version_of_name(std::string_view name);

}  // namespace am::image
