// Where the parts of the product lie, seen from the running program.
#pragma once

#include <string>

#include "base/error.h"

namespace am::hypervisor {

struct Installation {
  std::string observer;      // the program am-observer, beside `am`
  std::string container;     // the program am-container
  std::string default_venv;  // the environment that the bootstrap made
  std::string python_path;   // holds ompy and environments/
  std::string image;         // the root filesystem of the task container, where somebody built it
};

// From a source tree's build/bin, or from <prefix>/bin with <prefix>/share/application-manager. The error
// names the file that is missing.
Result<Installation> find_installation();

}  // namespace am::hypervisor
