#include "manager/archive_export.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>

#include "base/files.h"
#include "manager/archive_locale.h"
#include "manager/file_tree.h"

namespace am::manager {
namespace {

struct WriterCloser {
  void operator()(::archive* writer) const { ::archive_write_free(writer); }
};
struct EntryCloser {
  void operator()(archive_entry* entry) const { ::archive_entry_free(entry); }
};
using Writer = std::unique_ptr<::archive, WriterCloser>;
using Entry = std::unique_ptr<archive_entry, EntryCloser>;

std::unexpected<Error> archive_failure(::archive* writer, const std::string& path) {
  const char* text = ::archive_error_string(writer);
  return fail(ErrorCode::internal, "cannot archive \"{}\": {}", path,
              text != nullptr ? text : "unknown error");
}

// Exactly `size` bytes, as the header before them says: the rest of a file that shrinks meanwhile is zeros.
Result<void> copy_file(::archive* writer, int root, const FileInfo& file) {
  const auto source = open_beneath(root, file.path, O_RDONLY | O_NONBLOCK);
  if (!source) return pass_on(source);
  std::array<char, 65536> buffer{};
  std::uint64_t left = file.size;
  while (left > 0) {
    const ssize_t count = ::read(source->get(), buffer.data(), std::min<std::uint64_t>(left, buffer.size()));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_errno(errno, "cannot read \"{}\"", file.path);
    if (count == 0) return {};
    if (::archive_write_data(writer, buffer.data(), static_cast<std::size_t>(count)) < 0) {
      return archive_failure(writer, file.path);
    }
    left -= static_cast<std::uint64_t>(count);
  }
  return {};
}

Result<void> add_entry(::archive* writer, int root, const FileInfo& file, const std::string& prefix) {
  const Entry entry(::archive_entry_new());
  if (!entry) return fail(ErrorCode::internal, "cannot archive \"{}\"", file.path);
  const std::string name = prefix + file.path + (file.folder ? "/" : "");
  ::archive_entry_set_pathname(entry.get(), name.c_str());
  ::archive_entry_set_filetype(entry.get(), file.folder ? AE_IFDIR : AE_IFREG);
  ::archive_entry_set_perm(entry.get(), file.folder || file.executable ? 0755 : 0644);
  ::archive_entry_set_mtime(entry.get(), file.modified_ns / 1'000'000'000, 0);
  ::archive_entry_set_size(entry.get(), static_cast<la_int64_t>(file.size));
  if (::archive_write_header(writer, entry.get()) != ARCHIVE_OK) return archive_failure(writer, file.path);
  if (file.folder || file.size == 0) return {};
  return copy_file(writer, root, file);
}

void set_format(::archive* writer, ArchiveFormat format) {
  if (format == ArchiveFormat::zip) {
    ::archive_write_set_format_zip(writer);
    return;
  }
  ::archive_write_add_filter_gzip(writer);
  ::archive_write_set_format_pax_restricted(writer);
}

}  // namespace

Result<ArchiveFormat> parse_archive_format(std::string_view field, std::string_view word) {
  for (const ArchiveFormat format : {ArchiveFormat::tar_gz, ArchiveFormat::zip}) {
    if (word == to_string(format)) return format;
  }
  return fail(ErrorCode::invalid_argument, "{}: must be tar.gz or zip, not \"{}\"", field, word);
}

std::string_view to_string(ArchiveFormat format) { return format == ArchiveFormat::zip ? "zip" : "tar.gz"; }

std::string_view content_type_of(ArchiveFormat format) {
  return format == ArchiveFormat::zip ? "application/zip" : "application/gzip";
}

Result<UniqueFd> export_archive(int root, const ArchiveOptions& options,
                                const std::string& temporary_folder) {
  const Utf8Locale locale;
  const auto files = list_tree(root);
  if (!files) return pass_on(files);
  UniqueFd target(::open(temporary_folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (!target) return fail_errno(errno, "cannot create a temporary file in {}", temporary_folder);

  const Writer writer(::archive_write_new());
  if (!writer) return fail(ErrorCode::internal, "cannot start writing an archive");
  set_format(writer.get(), options.format);
  ::archive_write_set_bytes_in_last_block(writer.get(), 1);
  if (::archive_write_open_fd(writer.get(), target.get()) != ARCHIVE_OK)
    return archive_failure(writer.get(), "");
  const std::string prefix = options.top_folder.empty() ? "" : options.top_folder + "/";
  for (const FileInfo& file : *files) {
    if (auto added = add_entry(writer.get(), root, file, prefix); !added) return pass_on(added);
  }
  if (::archive_write_close(writer.get()) != ARCHIVE_OK) return archive_failure(writer.get(), "");
  if (::lseek(target.get(), 0, SEEK_SET) < 0) return fail_errno(errno, "cannot rewind the archive");
  return target;
}

}  // namespace am::manager
