// The files of one application, below the open folder `root`. Blocking; called on the pool's threads.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/unique_fd.h"
#include "manager/file_tree.h"

namespace am::manager {

struct OpenFile {
  UniqueFd fd;  // for reading
  FileInfo info;
};

// What must hold for a write to happen; precondition_failed otherwise.
struct WriteCondition {
  std::string if_match;      // one of these tags ("\"a\", \"b\"") or, for "*", any version; empty: no matter
  bool only_create = false;  // nothing may be there yet
};

struct Written {
  FileInfo info;
  bool created = false;  // else replaced
};

// The text of a path: base/files.h check_relative_path(), valid UTF-8, and not a name of a file being
// written.
Result<void> check_path(std::string_view field, std::string_view path);

// True for a path with the suffix .py or .py3: what can be started.
bool is_startable(std::string_view path);

class ApplicationFiles {
 public:
  // not_found, or invalid_argument for a folder.
  Result<OpenFile> open(int root, const std::string& path);
  // Puts a new file in the place of the old in one step, with the old one's mode; creates the folders on the
  // way. conflict where a folder has the path, or a file stands where a folder must be.
  Result<Written> write(int root, const std::string& path, std::string_view content,
                        const WriteCondition& condition);
  // A file, or a folder with everything in it. not_found.
  Result<void> remove(int root, const std::string& path);
  // Creates the folders on the way to `to`. not_found, already_exists, or invalid_argument for a folder into
  // itself.
  Result<void> move(int root, const std::string& from, const std::string& to);
  // With the folders on the way. already_exists.
  Result<void> make_folder(int root, const std::string& path);
  // Sets or removes the execute bits of a regular file (no link). not_found, invalid_argument.
  Result<void> set_executable(int root, const std::string& path, bool executable);

 private:
  std::mutex commit_;  // between looking at a condition and acting on it
};

}  // namespace am::manager
