// Archives from outside become the files of a new application, or nothing at all.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace am::manager {

struct ImportLimits {
  std::uint64_t total_bytes = 512ULL << 20U;  // unpacked; an archive can grow a thousandfold
  std::size_t entries = 20'000;
};

struct ImportedFiles {
  std::vector<std::string> executable_scripts;  // .py and .py3 with the execute bit
};

// Unpacks a tar (plain or gzip) or zip archive into the empty folder `root`. Blocking. invalid_argument, with
// the entry's path, for anything but files and folders, for a path that check_path() refuses and for a path
// that is there twice; too_large over a limit. After an error the folder may hold a part: the caller removes
// it.
Result<ImportedFiles> import_archive(int root, std::string_view archive, const ImportLimits& limits);

}  // namespace am::manager
