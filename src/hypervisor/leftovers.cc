#include "hypervisor/leftovers.h"

namespace am::hypervisor {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 5s;  // a killed process may take a while to give back its memory
constexpr auto kPause = 10ms;

}  // namespace

Awaitable<bool> end_group(const process::CgroupFolders& folders, std::string name) {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  const auto give_up = std::chrono::steady_clock::now() + kPatience;
  while (!process::end_leftovers(folders, name)) {
    if (std::chrono::steady_clock::now() > give_up) co_return false;
    timer.expires_after(kPause);
    co_await timer.async_wait(asio::use_awaitable);
  }
  co_return true;
}

}  // namespace am::hypervisor
