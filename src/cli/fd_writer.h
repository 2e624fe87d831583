// Writing to stdout and stderr so that the command still hears Ctrl-C while the reader (a pager, a pipe) does
// not read.
#pragma once

#include <string>

#include "base/error.h"
#include "base/unique_fd.h"
#include "loop/awaitable.h"

namespace am::cli {

class FdWriter {
 public:
  // `fd` stays the caller's; its flags are not touched, because it is shared with other processes.
  FdWriter(asio::any_io_executor executor, int fd);

  // Returns when all bytes are with the kernel. `gone` when nobody reads any more (EPIPE), `internal`
  // otherwise. SIGPIPE must be ignored by the process.
  Awaitable<Result<void>> write(std::string bytes);

 private:
  Awaitable<> writable();

  int fd_;
  UniqueFd watch_;                            // an epoll instance that holds only fd_
  asio::posix::stream_descriptor readiness_;  // readable when watch_ has something to say
};

}  // namespace am::cli
