#include "process/child.h"

#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <utility>

namespace am::process {

Child::Child(Child&& other) noexcept : pid_(std::exchange(other.pid_, -1)), pidfd_(std::move(other.pidfd_)) {}

Child& Child::operator=(Child&& other) noexcept {
  if (this != &other) {
    end();
    pid_ = std::exchange(other.pid_, -1);
    pidfd_ = std::move(other.pidfd_);
  }
  return *this;
}

Child::~Child() { end(); }

void Child::signal(int number) const {
  // ESRCH: it ended meanwhile, which is what the caller sees on the pidfd anyway.
  if (running()) ::syscall(SYS_pidfd_send_signal, pidfd_.get(), number, nullptr, 0);
}

std::optional<ExitStatus> Child::wait(int flags) {
  siginfo_t info{};
  int result = 0;
  do {
    result = ::waitid(P_PIDFD, static_cast<id_t>(pidfd_.get()), &info, WEXITED | flags);
  } while (result != 0 && errno == EINTR);
  if (result != 0) {  // ECHILD: reaped elsewhere; nothing is known of its end
    detach();
    return ExitStatus{};
  }
  if (info.si_pid == 0) return std::nullopt;
  detach();
  if (info.si_code == CLD_EXITED) return ExitStatus{info.si_status, std::nullopt};
  return ExitStatus{std::nullopt, info.si_status};
}

std::optional<ExitStatus> Child::try_reap() {
  if (!running()) return std::nullopt;
  return wait(WNOHANG);
}

ExitStatus Child::reap() {
  if (!running()) return {};
  return wait(0).value_or(ExitStatus{});
}

void Child::detach() {
  pid_ = -1;
  pidfd_.reset();
}

void Child::end() {
  if (!running()) return;
  signal(SIGKILL);
  reap();
}

}  // namespace am::process
