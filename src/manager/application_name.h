// The rules of application names, and the folder names made from them.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace am::manager {

// 1 to 64 characters of valid UTF-8; no `/`, `\`, control or invisible character; no dot first, no space
// first or last. invalid_argument begins with "name:".
Result<void> check_application_name(std::string_view name);

// "Manual-N9IBvh": the name, cut to what a folder name can hold, and six random letters.
std::string new_folder_name(std::string_view name);

}  // namespace am::manager
