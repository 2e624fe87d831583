#include "container/container.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>

#include "base/files.h"
#include "ipc/codec.h"
#include "process/spawn.h"

namespace am::container {
namespace {

constexpr int kControlDescriptor = 3;  // am-container's contract
constexpr int kHeldDescriptor = 4;
constexpr int kEndPatienceMs = 10'000;

// Its answer, or why there is none.
Result<ipc::ContainerReady> receive_ready(int control) {
  ipc::FrameDecoder decoder;
  for (;;) {
    char buffer[4096];
    const ssize_t size = ::recv(control, buffer, sizeof buffer, 0);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return fail(ErrorCode::internal, "am-container ended without an answer");
    decoder.feed(std::string_view(buffer, static_cast<std::size_t>(size)));
    const auto message = decoder.next();
    if (!message) return pass_on(message);
    if (!*message) continue;
    if (const auto* ready = std::get_if<ipc::ContainerReady>(&**message)) return *ready;
    return fail(ErrorCode::internal, "am-container answered with a {}", ipc::name_of(**message));
  }
}

}  // namespace

Result<Container> Container::start(const StartOptions& options, const ipc::ContainerSpec& spec) {
  if (auto made = make_folders(spec.folder, 0700); !made) return pass_on(made);
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return fail_errno(errno, "cannot make the container's socket");
  const UniqueFd ours(ends[0]);
  UniqueFd theirs(ends[1]);
  process::SpawnSpec start;
  start.argv = {options.program};
  start.descriptors = {{theirs.get(), kControlDescriptor}};
  if (options.held >= 0) start.descriptors.emplace_back(options.held, kHeldDescriptor);
  if (options.log >= 0) start.descriptors.emplace_back(options.log, 2);
  start.cgroup_procs = options.cgroup_procs;
  start.confinement.new_flags = process::kContainerNamespaces;
  if (options.network_of >= 0) {
    start.confinement.new_flags &= ~process::kNetworkNamespace;
    start.confinement.join_process = options.network_of;
    start.confinement.join_flags = process::kNetworkNamespace;
  }
  auto child = process::spawn(start);
  if (!child) return fail(child.error().code, "{} (it needs root and namespaces)", child.error().message);
  theirs.reset();
  const std::string order = ipc::encode(spec);
  if (::send(ours.get(), order.data(), order.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(order.size()))
    return fail_errno(errno, "cannot tell am-container what to make");
  const auto ready = receive_ready(ours.get());
  if (!ready) return pass_on(ready);
  if (!ready->failure.empty()) return fail(ErrorCode::unavailable, "{}", ready->failure);
  Container container(UniqueFd(::fcntl(child->pidfd(), F_DUPFD_CLOEXEC, 0)), spec.folder);
  if (!container.process_) return fail_errno(errno, "cannot keep the container's process");
  container.note_ = ready->note;
  child->detach();
  return container;
}

Result<UniqueFd> connect_alive(const std::string& folder) {
  const auto opened = open_folder(folder);
  if (!opened) return pass_on(opened);
  UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  // Through the folder's descriptor: the full path may be longer than sun_path's 108 bytes.
  const std::string path = fmt::format("/proc/self/fd/{}/{}", opened->get(), kAliveSocket);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  if (!socket || ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return fail_errno(errno, "no container lives in {}", folder);
  return socket;
}

Result<std::optional<Container>> Container::find(const std::string& folder) {
  const auto connection = connect_alive(folder);
  if (!connection) return std::nullopt;
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(connection->get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 || peer.pid <= 0)
    return fail_errno(errno, "cannot see who made the container in {}", folder);
  UniqueFd process(static_cast<int>(::syscall(SYS_pidfd_open, peer.pid, 0)));
  if (!process) return std::nullopt;  // it has just ended
  // Still there afterwards, so the number was its own when the pidfd was opened.
  if (!connect_alive(folder)) return std::nullopt;
  return Container(std::move(process), folder);
}

Result<void> Container::end() {
  ::syscall(SYS_pidfd_send_signal, process_.get(), SIGKILL, nullptr, 0);
  pollfd gone{process_.get(), POLLIN, 0};
  if (::poll(&gone, 1, kEndPatienceMs) <= 0)
    return fail(ErrorCode::unavailable, "the container in {} has not ended within {} s", folder_,
                kEndPatienceMs / 1000);
  // A child of ours leaves a zombie, somebody else's does not concern us.
  siginfo_t info{};
  ::waitid(P_PIDFD, static_cast<id_t>(process_.get()), &info, WEXITED | WNOHANG);
  return remove_container_folder(folder_);
}

Result<void> remove_container_folder(const std::string& folder) {
  std::error_code error;
  std::filesystem::remove_all(folder, error);
  if (error) return fail_errno(error.value(), "cannot remove {}", folder);
  return {};
}

}  // namespace am::container
