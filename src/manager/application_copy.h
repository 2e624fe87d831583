// Copies of files and folders inside one application. Blocking; called on the pool's threads.
#pragma once

#include <string>

#include "base/error.h"

namespace am::manager {

// Copies the file or folder `from`, with the modes of its files, to `to`, where nothing may be yet; creates
// the folders on the way. The copy appears in one step. A link counts as the file that it leads to.
// not_found, already_exists, invalid_argument for a folder into itself, unavailable for a full disk.
Result<void> copy_in_application(int root, const std::string& from, const std::string& to);

}  // namespace am::manager
