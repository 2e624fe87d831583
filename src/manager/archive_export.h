// An application's files as one archive.
#pragma once

#include <string>

#include "base/error.h"
#include "base/unique_fd.h"

namespace am::manager {

// Writes a tar.gz of everything below `root` into a nameless file of the folder `temporary_folder`, and gives
// it, readable from its start. Files with the execute bit keep it. Blocking.
Result<UniqueFd> export_archive(int root, const std::string& temporary_folder);

}  // namespace am::manager
