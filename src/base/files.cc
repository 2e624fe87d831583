#include "base/files.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace am {
namespace {

ErrorCode code_of(int error_number) {
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
      return ErrorCode::not_found;
    case EXDEV:
    case ELOOP:
    case ENAMETOOLONG:
      return ErrorCode::invalid_argument;
    case EEXIST:
      return ErrorCode::already_exists;
    default:
      return ErrorCode::internal;
  }
}

std::unexpected<Error> failure(const char* action, const std::string& path, int error_number) {
  return fail(code_of(error_number), "cannot {} {}: {}", action, path, errno_text(error_number));
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::uint64_t limit) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return failure("open", path, errno);
  std::string content;
  char buffer[16384];
  for (;;) {
    const ssize_t count = ::read(fd.get(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failure("read", path, errno);
    if (count == 0) return content;
    content.append(buffer, static_cast<std::size_t>(count));
    if (content.size() > limit) return fail(ErrorCode::too_large, "{} is larger than {} bytes", path, limit);
  }
}

bool rename_to_new(const std::string& from, const std::string& to) {
  constexpr unsigned kKeepOther = 1;  // RENAME_NOREPLACE, see renameat2(2)
  return ::syscall(SYS_renameat2, AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), kKeepOther) == 0;
}

Result<void> write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_errno(errno, "cannot write {} bytes", bytes.size());
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

Result<void> write_file_atomically(const std::string& path, std::string_view content, unsigned mode) {
  const std::string temporary = fmt::format("{}.{}.tmp", path, ::getpid());
  // A file of our own making, never one (or a link) that somebody has laid there.
  ::unlink(temporary.c_str());
  UniqueFd fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (!fd) return failure("create", temporary, errno);
  auto written = write_all(fd.get(), content);
  if (written && ::rename(temporary.c_str(), path.c_str()) != 0) written = failure("replace", path, errno);
  if (!written) {
    ::unlink(temporary.c_str());
    return fail(written.error().code, "cannot write {}: {}", path, written.error().message);
  }
  return {};
}

Result<UniqueFd> open_log(const std::string& path) {
  UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640));
  if (!fd) return failure("open", path, errno);
  return fd;
}

Result<void> make_folders(const std::string& path, unsigned mode) {
  std::error_code error;
  const bool created = std::filesystem::create_directories(path, error);
  if (error) return failure("create folder", path, error.value());
  if (created && ::chmod(path.c_str(), mode) != 0) return failure("set the mode of", path, errno);
  return {};
}

Result<UniqueFd> open_beneath(int root_fd, const std::string& relative, int flags, unsigned mode) {
  open_how how{};
  how.flags = static_cast<unsigned>(flags | O_CLOEXEC);
  // O_TMPFILE contains the bit of O_DIRECTORY; a mode without creation is refused.
  const bool creates = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
  how.mode = creates ? mode : 0;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  // EAGAIN: a rename ran beside the look-up (openat2(2)); it settles within a few tries.
  for (int attempt = 0; attempt < 100; ++attempt) {
    const long fd = ::syscall(SYS_openat2, root_fd, relative.c_str(), &how, sizeof how);
    if (fd >= 0) return UniqueFd(static_cast<int>(fd));
    if (errno != EAGAIN && errno != EINTR) break;
  }
  return failure("open", relative, errno);
}

Result<UniqueFd> open_folder(const std::string& path) {
  UniqueFd fd(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return failure("open folder", path, errno);
  return fd;
}

Result<void> check_relative_path(std::string_view field, std::string_view path) {
  const auto refuse = [&](std::string_view why) {
    return fail(ErrorCode::invalid_argument, "{}: \"{}\" {}", field, path, why);
  };
  if (path.empty()) return refuse("is empty");
  if (path.size() > 1024) return fail(ErrorCode::invalid_argument, "{} is longer than 1024 bytes", field);
  for (const char c : path) {
    if (c == '\\') return refuse("has a backslash; folders are separated by /");
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      return fail(ErrorCode::invalid_argument, "{} has a control character (byte {})", field,
                  static_cast<int>(static_cast<unsigned char>(c)));
    }
  }
  if (path.front() == '/') return refuse("starts with /; it must be relative to the application");
  std::string_view rest = path;
  while (true) {
    const std::size_t slash = rest.find('/');
    const std::string_view name = rest.substr(0, slash);
    if (name.empty()) return refuse("has an empty name in it");
    if (name == "." || name == "..") return refuse("leaves its folder: . and .. are not allowed");
    if (name.size() > 255) return refuse("has a name longer than 255 bytes");
    if (slash == std::string_view::npos) return {};
    rest.remove_prefix(slash + 1);
  }
}

}  // namespace am
