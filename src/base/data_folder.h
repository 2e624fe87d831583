// Where the platform keeps its data when nobody says otherwise.
#pragma once

#include <string>

#include "base/error.h"

namespace am {

// $AM_DATA, else $XDG_DATA_HOME/application-manager, else ~/.local/share/application-manager. An error when
// none of the three variables (HOME the last) is set.
Result<std::string> default_data_folder();

}  // namespace am
