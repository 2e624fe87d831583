// Which files of a folder go into an application.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"

namespace am::cli {

struct ImportFile {
  std::string path;         // relative, with "/"
  bool executable = false;  // a .py or .py3 file with an execute bit: it becomes a script

  bool operator==(const ImportFile&) const = default;
};

struct ImportPlan {
  std::vector<ImportFile> files;     // sorted by path
  std::vector<std::string> skipped;  // "path: why", for what is not a file of the folder
};

// Walks the folder. __pycache__ and .git are left out; a symbolic link counts as the file that it leads to
// inside the folder, any other one is skipped. An error names the folder or the file; a name that no
// application can hold is an error too.
Result<ImportPlan> plan_import(const std::string& folder);

// The content of one file of the plan, read without leaving the folder.
Result<std::string> read_import_file(const std::string& folder, const std::string& path);

}  // namespace am::cli
