// Whole files, read and replaced, and the one resolver that keeps a path inside its folder.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/unique_fd.h"

namespace am {

// The whole content of a regular file. not_found where it does not exist; too_large over `limit` bytes.
Result<std::string> read_file(const std::string& path, std::uint64_t limit = 64ULL << 20);

// Replaces the file in one step: readers see the old or the new content, never a part. Mode is of the new
// file.
Result<void> write_file_atomically(const std::string& path, std::string_view content, unsigned mode = 0600);

// Gives a file or folder another name, which must be free; false with errno set otherwise.
bool rename_to_new(const std::string& from, const std::string& to);

// Writes all bytes to a descriptor; errno text on failure.
Result<void> write_all(int fd, std::string_view bytes);

// Opens a file for lines to be added at its end; made where it is missing.
Result<UniqueFd> open_log(const std::string& path);

// Creates a folder with its parents; no error where it exists.
Result<void> make_folders(const std::string& path, unsigned mode = 0755);

// Opens `relative` beneath the folder `root_fd` with openat2(2): no `..`, no absolute path, no symbolic link
// leads outside. `flags` as for open(2); O_CLOEXEC is added. not_found, invalid_argument or internal on
// failure.
Result<UniqueFd> open_beneath(int root_fd, const std::string& relative, int flags, unsigned mode = 0644);

// Opens a folder for use as `root_fd`.
Result<UniqueFd> open_folder(const std::string& path);

// Checks the text of a path inside an application: relative, `/` between names, no empty, `.` or `..` name,
// no NUL, backslash or control character, at most 1024 bytes and 255 a name. The error names `field` and the
// path.
Result<void> check_relative_path(std::string_view field, std::string_view path);

}  // namespace am
