// Where the files of the product lie, seen from the running program.
#pragma once

#include <string>

#include "base/error.h"

namespace am {

struct InstalledFiles {
  std::string bin;     // the folder of the programs
  std::string python;  // holds ompy and environments/
  std::string venvs;   // holds the environment `default` that the bootstrap made
  std::string image;   // the root filesystem of the task container; there once `am image build` has made it
};

// From a source tree's build/bin, or from <prefix>/bin with <prefix>/share/application-manager. The error
// names the folder that is missing.
Result<InstalledFiles> find_installed_files();

// The same for a program at `program`, an absolute path.
Result<InstalledFiles> find_installed_files(const std::string& program);

}  // namespace am
