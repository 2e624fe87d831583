#include "up/supervisor.h"

#include <spdlog/spdlog.h>

#include "loop/first_of.h"
#include "up/restart_policy.h"

namespace am::up {

Supervisor::Supervisor(asio::any_io_executor executor, Platform& platform)
    : executor_(std::move(executor)), platform_(platform) {}

Awaitable<Result<void>> Supervisor::run() {
  const auto failed = co_await first_of(keep(platform_.manager(), &Platform::restart_manager),
                                        keep(platform_.hypervisor(), &Platform::start_hypervisor));
  co_return std::unexpected(std::visit([](const Error& error) { return error; }, failed));
}

Awaitable<Error> Supervisor::keep(Daemon& daemon, Start start) {
  RestartPolicy policy;
  asio::steady_timer timer(executor_);
  for (;;) {
    const process::ExitStatus status = co_await daemon.ended();
    spdlog::warn("am {} ended with {}", daemon.name(), exit_words(status));
    Error why{ErrorCode::unavailable,
              fmt::format("am {} ended with {}{}", daemon.name(), exit_words(status), daemon.last_words())};
    for (bool running = false; !running;) {
      const auto wait = policy.ended(RestartPolicy::Clock::now());
      if (!wait) {
        why.message = fmt::format("gave up after {} ends within {} s; the last: {}", RestartPolicy::kEnds,
                                  RestartPolicy::kWithin.count(), why.message);
        co_return why;
      }
      spdlog::info("starting am {} again in {} ms", daemon.name(), wait->count());
      timer.expires_after(*wait);
      co_await timer.async_wait(asio::use_awaitable);
      const auto started = co_await (platform_.*start)();
      running = started.has_value();
      if (running) break;
      why = started.error();
      spdlog::warn("{}", why.message);
      co_await daemon.stop(std::chrono::seconds(1));  // one that did not become ready
    }
    if (const auto published = platform_.publish(); !published) co_return published.error();
    spdlog::info("am {} runs again, process {}", daemon.name(), daemon.pid());
  }
}

}  // namespace am::up
