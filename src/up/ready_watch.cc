#include "up/ready_watch.h"

#include <sys/inotify.h>

#include <array>
#include <cerrno>

#include "base/files.h"

namespace am::up {

Result<ReadyWatch> ReadyWatch::open(const asio::any_io_executor& executor, const std::string& folder) {
  UniqueFd fd(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  if (!fd) return fail_errno(errno, "cannot watch the folder {}", folder);
  if (::inotify_add_watch(fd.get(), folder.c_str(), IN_MOVED_TO | IN_ONLYDIR) < 0) {
    return fail_errno(errno, "cannot watch the folder {}", folder);
  }
  return ReadyWatch(asio::posix::stream_descriptor(executor, fd.release()), folder);
}

Awaitable<Result<std::string>> ReadyWatch::content(std::string name) {
  const std::string file = folder_ + "/" + name;
  for (;;) {
    auto text = read_file(file);
    if (text || text.error().code != ErrorCode::not_found) co_return text;
    std::array<char, 4096> events{};  // what they say does not matter: the file is there now or it is not
    co_await events_.async_read_some(asio::buffer(events), asio::use_awaitable);
  }
}

}  // namespace am::up
