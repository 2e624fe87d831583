#include "cli/fd_writer.h"

#include <limits.h>
#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace am::cli {
namespace {

bool would_block(int fd) {
  pollfd state{fd, POLLOUT, 0};
  return ::poll(&state, 1, 0) == 0;
}

}  // namespace

FdWriter::FdWriter(asio::any_io_executor executor, int fd)
    : fd_(fd), watch_(::epoll_create1(EPOLL_CLOEXEC)), readiness_(executor) {
  epoll_event interest{};
  interest.events = EPOLLOUT;
  // A regular file cannot be watched (EPERM) and never makes its writer wait; readiness_ stays closed then.
  if (watch_ && ::epoll_ctl(watch_.get(), EPOLL_CTL_ADD, fd, &interest) == 0) {
    readiness_.assign(watch_.release());
  }
}

Awaitable<> FdWriter::writable() {
  while (readiness_.is_open() && would_block(fd_)) {
    co_await readiness_.async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable);
  }
}

Awaitable<Result<void>> FdWriter::write(std::string bytes) {
  std::string_view rest = bytes;
  while (!rest.empty()) {
    co_await writable();
    // A pipe that is ready takes PIPE_BUF bytes without blocking; a file takes all.
    const std::size_t piece =
        readiness_.is_open() ? std::min<std::size_t>(rest.size(), PIPE_BUF) : rest.size();
    const ssize_t count = ::write(fd_, rest.data(), piece);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count < 0 && errno == EPIPE)
      co_return fail(ErrorCode::gone, "nobody reads descriptor {} any more", fd_);
    if (count < 0) co_return fail_errno(errno, "cannot write to descriptor {}", fd_);
    rest.remove_prefix(static_cast<std::size_t>(count));
  }
  co_return Result<void>();
}

}  // namespace am::cli
