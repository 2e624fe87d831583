#include "observer/poller.h"

#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace am::observer {
namespace {

constexpr std::int64_t kLongestTimerUs = 1'000'000'000'000'000;

}  // namespace

Result<Poller> Poller::create() {
  UniqueFd epoll(::epoll_create1(EPOLL_CLOEXEC));
  if (!epoll) return fail_errno(errno, "cannot make an epoll descriptor");
  return Poller(std::move(epoll));
}

Result<void> Poller::add(int fd, std::uint32_t events, Callback callback) {
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0)
    return fail_errno(errno, "cannot watch a descriptor");
  callbacks_[fd] = std::move(callback);
  return {};
}

Result<void> Poller::change(int fd, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event) != 0)
    return fail_errno(errno, "cannot watch a descriptor");
  return {};
}

void Poller::remove(int fd) {
  if (callbacks_.erase(fd) > 0) ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
}

Result<void> Poller::run_once() {
  std::array<epoll_event, 16> events{};
  const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), -1);
  if (count < 0) return errno == EINTR ? Result<void>{} : fail_errno(errno, "cannot wait for events");
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    const auto found = callbacks_.find(event.data.fd);
    if (found == callbacks_.end()) continue;
    const Callback callback = found->second;  // a copy: the callback may remove itself
    callback(event.events);
  }
  return {};
}

Result<Timer> Timer::create() {
  UniqueFd fd(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
  if (!fd) return fail_errno(errno, "cannot make a timer");
  return Timer(std::move(fd));
}

void Timer::set_us(std::int64_t microseconds) {
  // A time of zero would disarm the timer: a microsecond is as good.
  const std::int64_t bounded = std::clamp<std::int64_t>(microseconds, 1, kLongestTimerUs);
  itimerspec when{};
  when.it_value.tv_sec = bounded / 1'000'000;
  when.it_value.tv_nsec = (bounded % 1'000'000) * 1000;
  ::timerfd_settime(fd_.get(), 0, &when, nullptr);
}

void Timer::cancel() {
  const itimerspec never{};
  ::timerfd_settime(fd_.get(), 0, &never, nullptr);
}

void Timer::acknowledge() {
  std::uint64_t expirations = 0;
  // EAGAIN: it was set anew since it became readable.
  [[maybe_unused]] const ssize_t size = ::read(fd_.get(), &expirations, sizeof expirations);
}

}  // namespace am::observer
