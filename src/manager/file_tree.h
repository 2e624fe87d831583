// Folders as a whole: what is in them, and their removal. Everything by descriptors, never by absolute path.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/unique_fd.h"

namespace am::manager {

struct FileInfo {
  std::string path;  // relative to the application
  bool folder = false;
  std::uint64_t size = 0;        // bytes; 0 for a folder
  std::int64_t modified_ns = 0;  // since 1970
  std::uint64_t inode = 0;
  bool executable = false;  // the owner's execute bit of a file

  // Strong: differs after every write, because a write puts a new file in the place of the old.
  [[nodiscard]] std::string etag() const;
};

// Of an open file or folder.
Result<FileInfo> file_info(int fd, std::string path);

// More entries than this are no application; the listing says so instead of growing without a bound.
inline constexpr std::size_t kFileTreeLimit = 50'000;

// Files and folders below `root`, each folder before its content, in the order of the names. A link counts as
// the file that it leads to, if that is inside; what is no file, or has a name that the API could not carry,
// is left out.
Result<std::vector<FileInfo>> list_tree(int root);

// Removes the file, link or folder `name` in the open folder `parent`, with everything in it. not_found.
Result<void> remove_tree(int parent, const std::string& name);

// The names in an open folder, sorted, without "." and "..".
Result<std::vector<std::string>> folder_names(int folder);

// Files that are being written have a name of this form; they are not part of the application yet.
inline constexpr std::string_view kTemporaryPrefix = ".am-tmp-";

}  // namespace am::manager
