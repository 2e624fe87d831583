#include "manager/archive_import.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <memory>
#include <set>

#include "base/files.h"
#include "base/unique_fd.h"
#include "manager/application_files.h"
#include "manager/archive_locale.h"

namespace am::manager {
namespace {

struct ReaderCloser {
  void operator()(::archive* reader) const { ::archive_read_free(reader); }
};
using Reader = std::unique_ptr<::archive, ReaderCloser>;

// A warning concerns attributes that are not taken over anyway; names are checked here.
bool is_usable(int status) { return status == ARCHIVE_OK || status == ARCHIVE_WARN; }

std::string error_text(::archive* reader) {
  const char* text = ::archive_error_string(reader);
  return text != nullptr ? text : "unknown error";
}

Result<Reader> open_archive(std::string_view archive) {
  Reader reader(::archive_read_new());
  if (!reader) return fail(ErrorCode::internal, "cannot start reading an archive");
  ::archive_read_support_filter_gzip(reader.get());
  ::archive_read_support_format_tar(reader.get());
  ::archive_read_support_format_zip(reader.get());
  if (::archive_read_open_memory(reader.get(), archive.data(), archive.size()) != ARCHIVE_OK) {
    return fail(ErrorCode::invalid_argument, "archive: neither tar, tar.gz nor zip: {}",
                error_text(reader.get()));
  }
  return reader;
}

// The entry's path as the API writes it: without "./" before and "/" behind. Empty for the root itself.
Result<std::string> entry_path(archive_entry* entry) {
  const char* raw = ::archive_entry_pathname(entry);
  if (raw == nullptr)
    return fail(ErrorCode::invalid_argument, "archive: an entry has a name that is not UTF-8");
  std::string_view path = raw;
  while (path.starts_with("./")) path.remove_prefix(2);
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  if (path.empty() || path == ".") return "";
  if (auto checked = check_path("archive", path); !checked) return pass_on(checked);
  return std::string(path);
}

class Importer {
 public:
  Importer(int root, Reader reader, const ImportLimits& limits)
      : root_(root), reader_(std::move(reader)), limits_(limits) {}

  Result<ImportedFiles> run() {
    archive_entry* entry = nullptr;
    while (true) {
      const int status = ::archive_read_next_header(reader_.get(), &entry);
      if (status == ARCHIVE_EOF) return std::move(files_);
      if (!is_usable(status)) {
        return fail(ErrorCode::invalid_argument, "archive: {}", error_text(reader_.get()));
      }
      if (++entries_ > limits_.entries) {
        return fail(ErrorCode::too_large, "archive: more than {} entries", limits_.entries);
      }
      if (auto taken = take(entry); !taken) return pass_on(taken);
    }
  }

 private:
  Result<void> take(archive_entry* entry) {
    const auto path = entry_path(entry);
    if (!path) return pass_on(path);
    const auto type = ::archive_entry_filetype(entry);
    const bool link = ::archive_entry_hardlink(entry) != nullptr || ::archive_entry_symlink(entry) != nullptr;
    if (link || (type != AE_IFREG && type != AE_IFDIR)) {
      return fail(ErrorCode::invalid_argument,
                  "archive: \"{}\" is a link or a special file; only files and folders are taken", *path);
    }
    if (path->empty()) return {};
    if (type == AE_IFDIR) return make_folder(*path);
    return write_file(*path, (::archive_entry_perm(entry) & S_IXUSR) != 0);
  }

  // With the folders above it. A folder may be named again; a file in its place is refused.
  Result<void> make_folder(const std::string& path) {
    if (folders_.contains(path)) return {};
    auto made = tools_.make_folder(root_, path);
    if (!made && (made.error().code != ErrorCode::already_exists || written_.contains(path))) {
      return fail(ErrorCode::invalid_argument, "archive: \"{}\" is a file and a folder", path);
    }
    folders_.insert(path);
    return {};
  }

  Result<void> write_file(const std::string& path, bool executable) {
    const std::size_t slash = path.rfind('/');
    if (slash != std::string::npos) {
      if (auto made = make_folder(path.substr(0, slash)); !made) return made;
    }
    auto file = open_beneath(root_, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, executable ? 0755 : 0644);
    if (!file && file.error().code == ErrorCode::already_exists) {
      return fail(ErrorCode::invalid_argument, "archive: \"{}\" is there twice", path);
    }
    if (!file) return pass_on(file);
    if (auto copied = copy_content(file->get(), path); !copied) return copied;
    written_.insert(path);
    if (executable && is_startable(path)) files_.executable_scripts.push_back(path);
    return {};
  }

  Result<void> copy_content(int file, const std::string& path) {
    const void* block = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;  // holes of a sparse file are skipped; they count, because they would be read
    la_int64_t end = 0;
    while (true) {
      const int status = ::archive_read_data_block(reader_.get(), &block, &size, &offset);
      if (status == ARCHIVE_EOF) break;
      if (!is_usable(status)) {
        return fail(ErrorCode::invalid_argument, "archive: \"{}\": {}", path, error_text(reader_.get()));
      }
      if (offset < end) return fail(ErrorCode::invalid_argument, "archive: \"{}\" overlaps itself", path);
      total_ += static_cast<std::uint64_t>(offset - end) + size;
      if (total_ > limits_.total_bytes) {
        return fail(ErrorCode::too_large, "archive: more than {} bytes when unpacked", limits_.total_bytes);
      }
      if (offset != end && ::lseek(file, offset, SEEK_SET) < 0)
        return fail_errno(errno, "cannot write {}", path);
      if (auto written = write_all(file, {static_cast<const char*>(block), size}); !written) return written;
      end = offset + static_cast<la_int64_t>(size);
    }
    return {};
  }

  int root_;
  Reader reader_;
  ImportLimits limits_;
  ApplicationFiles tools_;
  ImportedFiles files_;
  std::set<std::string> folders_;
  std::set<std::string> written_;
  std::size_t entries_ = 0;
  std::uint64_t total_ = 0;
};

}  // namespace

Result<ImportedFiles> import_archive(int root, std::string_view archive, const ImportLimits& limits) {
  const Utf8Locale locale;
  auto reader = open_archive(archive);
  if (!reader) return pass_on(reader);
  return Importer(root, *std::move(reader), limits).run();
}

}  // namespace am::manager
