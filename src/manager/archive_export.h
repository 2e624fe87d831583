// An application's files as one archive.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "base/unique_fd.h"

namespace am::manager {

enum class ArchiveFormat { tar_gz, zip };

struct ArchiveOptions {
  ArchiveFormat format = ArchiveFormat::tar_gz;
  std::string top_folder;  // everything goes below a folder of this name; empty: none
};

// The word of the API, "tar.gz" or "zip"; invalid_argument names `field` and the word.
Result<ArchiveFormat> parse_archive_format(std::string_view field, std::string_view word);
std::string_view to_string(ArchiveFormat format);
std::string_view content_type_of(ArchiveFormat format);

// Writes an archive of everything below `root` into a nameless file of the folder `temporary_folder`, and
// gives it, readable from its start. Files with the execute bit keep it. Blocking.
Result<UniqueFd> export_archive(int root, const ArchiveOptions& options, const std::string& temporary_folder);

}  // namespace am::manager
