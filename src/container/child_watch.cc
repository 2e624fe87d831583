#include "container/child_watch.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

namespace am::container {
namespace {

// A client that does not read loses its connection, and with it nobody but itself.
bool tell(int client, const ipc::ProcessState& state) {
  const std::string frame = ipc::encode(state);
  return ::send(client, frame.data(), frame.size(), MSG_NOSIGNAL | MSG_DONTWAIT) ==
         static_cast<ssize_t>(frame.size());
}

Result<UniqueFd> watch_signals() {
  sigset_t children;
  sigemptyset(&children);
  sigaddset(&children, SIGCHLD);
  ::sigprocmask(SIG_BLOCK, &children, nullptr);
  UniqueFd signals(::signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!signals) return fail_errno(errno, "cannot watch for children");
  return signals;
}

// One connection for each task that runs.
void allow_many_descriptors() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

Result<void> ChildWatch::run() {
  auto signals = watch_signals();
  if (!signals) return pass_on(signals);
  signals_ = std::move(*signals);
  ::fcntl(listener_.get(), F_SETFL, O_NONBLOCK);
  allow_many_descriptors();
  std::vector<pollfd> events;
  for (;;) {
    reap();
    events = {{signals_.get(), POLLIN, 0}, {listener_.get(), POLLIN, 0}};
    for (const auto& [fd, client] : clients_) events.push_back({fd, POLLIN, 0});
    if (::poll(events.data(), events.size(), -1) < 0 && errno != EINTR)
      return fail_errno(errno, "cannot wait for children");
    signalfd_siginfo ignored{};
    while (::read(signals_.get(), &ignored, sizeof ignored) > 0) {
    }
    if (events[1].revents != 0) accept();
    for (std::size_t i = 2; i < events.size(); ++i) {
      if (events[i].revents != 0 && !receive(clients_.at(events[i].fd))) clients_.erase(events[i].fd);
    }
  }
}

void ChildWatch::accept() {
  UniqueFd socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!socket) return;
  const int fd = socket.get();
  clients_[fd].socket = std::move(socket);
}

bool ChildWatch::receive(Client& client) {
  char buffer[256];
  const ssize_t size = ::recv(client.socket.get(), buffer, sizeof buffer, 0);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return true;
  if (size <= 0) return false;
  client.decoder.feed(std::string_view(buffer, static_cast<std::size_t>(size)));
  for (;;) {
    const auto message = client.decoder.next();
    if (!message) return false;
    if (!*message) return true;
    const auto* const asked = std::get_if<ipc::WatchProcess>(&**message);
    if (asked != nullptr && !watch(client.socket.get(), static_cast<pid_t>(asked->process_id))) return false;
  }
}

bool ChildWatch::watch(int client, pid_t child) {
  siginfo_t state{};
  const bool ours =
      child > 0 && ::waitid(P_PID, static_cast<id_t>(child), &state, WEXITED | WNOHANG | WNOWAIT) == 0;
  // One that has ended is reaped, and told of, next.
  if (ours) watched_[child].push_back(client);
  return tell(client, {child, ours, std::nullopt, std::nullopt});
}

void ChildWatch::reap() {
  for (;;) {
    int status = 0;
    const pid_t child = ::waitpid(-1, &status, WNOHANG);
    if (child <= 0) return;
    const auto found = watched_.extract(child);
    if (found.empty()) continue;
    ipc::ProcessState state{child, false, std::nullopt, std::nullopt};
    if (WIFEXITED(status)) {
      state.exit_code = WEXITSTATUS(status);
    } else {
      state.signal = WTERMSIG(status);
    }
    for (const int client : found.mapped()) {
      if (clients_.contains(client) && !tell(client, state)) clients_.erase(client);
    }
  }
}

}  // namespace am::container
