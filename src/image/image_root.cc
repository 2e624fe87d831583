#include "image/image_root.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "base/files.h"

namespace am::image {

Result<UniqueFd> open_in_root(int root_fd, const std::string& path, int flags) {
  open_how how{};
  how.flags = static_cast<unsigned>(flags | O_CLOEXEC);
  how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
  // EAGAIN: a rename ran beside the look-up (openat2(2)); it settles within a few tries.
  for (int attempt = 0; attempt < 100; ++attempt) {
    const long fd = ::syscall(SYS_openat2, root_fd, path.c_str(), &how, sizeof how);
    if (fd >= 0) return UniqueFd(static_cast<int>(fd));
    if (errno != EAGAIN && errno != EINTR) break;
  }
  const int why = errno;
  const bool absent = why == ENOENT || why == ENOTDIR || why == ELOOP;
  return fail(absent ? ErrorCode::not_found : ErrorCode::internal, "cannot open {} in the image: {}", path,
              errno_text(why));
}

Result<std::string> read_in_root(int root_fd, const std::string& path) {
  // A foreign root filesystem may have a FIFO or a device there; opening those could wait or act.
  auto place = open_in_root(root_fd, path, O_PATH);
  if (!place) return pass_on(place);
  struct stat status{};
  if (::fstat(place->get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return fail(ErrorCode::invalid_argument, "{} in the image is no regular file", path);
  }
  return read_file(fmt::format("/proc/self/fd/{}", place->get()));
}

Result<std::string> resolved_name(int root_fd, const std::string& path) {
  auto place = open_in_root(root_fd, path, O_PATH);
  if (!place) return pass_on(place);
  std::error_code error;
  const auto target = std::filesystem::read_symlink(fmt::format("/proc/self/fd/{}", place->get()), error);
  if (error) return fail_errno(error.value(), "cannot find out the name behind {}", path);
  return target.filename().string();
}

}  // namespace am::image
