#include "observer/foreign_child.h"

#include <sys/socket.h>

#include <cerrno>
#include <csignal>

#include "base/files.h"
#include "container/container.h"

namespace am::observer {

Result<ForeignChild> ForeignChild::watch(const std::string& container_folder, pid_t process) {
  auto socket = container::connect_alive(container_folder);
  if (!socket) return pass_on(socket);
  ForeignChild child(std::move(*socket), process);
  if (auto asked = write_all(child.socket(), ipc::encode(ipc::WatchProcess{process})); !asked)
    return pass_on(asked);
  for (;;) {
    const auto state = child.receive(0);
    if (!state) return pass_on(state);
    if (!*state) continue;
    if (!(*state)->lives) return fail(ErrorCode::unavailable, "process {} has ended", process);
    return child;
  }
}

// Nothing: not a whole message yet, or none of this process.
Result<std::optional<ipc::ProcessState>> ForeignChild::receive(int flags) {
  for (;;) {
    const auto message = decoder_.next();
    if (!message) return pass_on(message);
    if (*message) {
      const auto* const state = std::get_if<ipc::ProcessState>(&**message);
      if (state != nullptr && state->process_id == process_) return *state;
      continue;
    }
    char buffer[256];
    const ssize_t size = ::recv(socket_.get(), buffer, sizeof buffer, flags);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno == EAGAIN) return std::nullopt;
    if (size <= 0) return fail(ErrorCode::unavailable, "the container has ended");
    decoder_.feed(std::string_view(buffer, static_cast<std::size_t>(size)));
  }
}

std::optional<process::ExitStatus> ForeignChild::status() {
  const auto state = receive(MSG_DONTWAIT);
  if (!state) return process::ExitStatus{.exit_code = std::nullopt, .signal = SIGKILL};
  if (!*state || (*state)->lives) return std::nullopt;
  return process::ExitStatus{.exit_code = (*state)->exit_code, .signal = (*state)->signal};
}

}  // namespace am::observer
