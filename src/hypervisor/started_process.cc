#include "hypervisor/started_process.h"

#include <fcntl.h>

namespace am::hypervisor {

bool StartedProcess::ended() { return !child_.running() || child_.try_reap().has_value(); }

Awaitable<> StartedProcess::reap() {
  while (child_.running() && !child_.try_reap()) co_await end_of(child_.pidfd());
}

Awaitable<> end_of(int process) {
  const auto executor = co_await asio::this_coro::executor;
  asio::posix::stream_descriptor ended(executor, ::fcntl(process, F_DUPFD_CLOEXEC, 0));
  co_await ended.async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable);
}

}  // namespace am::hypervisor
