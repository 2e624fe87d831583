#include "observer/connections.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

namespace am::observer {
namespace {

constexpr const char* kSocketName = "observer.sock";  // relative: a full path may pass sun_path's 108 bytes
constexpr std::size_t kMostPeers = 8;
constexpr int kLastWordMs = 1000;

Result<UniqueFd> listen_here() {
  UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) return fail_errno(errno, "cannot make a socket");
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, kSocketName, sizeof address.sun_path - 1);
  ::unlink(kSocketName);  // of an observer that was killed: this one holds the folder's lock
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  if (::bind(socket.get(), generic, sizeof address) != 0 || ::listen(socket.get(), kMostPeers) != 0) {
    return fail_errno(errno, "cannot listen on {}", kSocketName);
  }
  return socket;
}

}  // namespace

Connections::Connections(Poller& poller, OnStop on_stop, Status status)
    : poller_(poller), on_stop_(std::move(on_stop)), status_(std::move(status)) {}

Connections::~Connections() {
  for (const auto& [fd, peer] : peers_) poller_.remove(fd);
  // The socket's name stays with the folder: on ext4 each file that was removed lately slows the next ones
  // down.
  if (listener_) poller_.remove(listener_.get());
}

Result<std::unique_ptr<Connections>> Connections::listen(Poller& poller, OnStop on_stop, Status status) {
  std::unique_ptr<Connections> connections(new Connections(poller, std::move(on_stop), std::move(status)));
  auto listener = listen_here();
  if (!listener) return pass_on(listener);
  auto* const self = connections.get();
  if (auto watched = poller.add(listener->get(), EPOLLIN, [self](std::uint32_t) { self->accept(); });
      !watched) {
    return pass_on(watched);
  }
  connections->listener_ = std::move(*listener);
  return connections;
}

void Connections::accept() {
  UniqueFd socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!socket) return;  // the peer has gone again
  if (peers_.size() >= kMostPeers) return;
  const int fd = socket.get();
  add(std::move(socket), ipc::FrameDecoder());
  if (const auto added = peers_.find(fd); added != peers_.end()) send_status(added->second);
}

void Connections::add(UniqueFd socket, ipc::FrameDecoder decoder) {
  const int fd = socket.get();
  ::fcntl(fd, F_SETFL, O_NONBLOCK);
  const auto watched = poller_.add(fd, EPOLLIN, [this, fd](std::uint32_t) { receive(fd); });
  if (!watched) return;  // closes it; the hypervisor connects again
  Peer& peer = peers_[fd];
  peer.socket = std::move(socket);
  peer.decoder = std::move(decoder);
  if (!handle_messages(peer)) drop(fd);
}

void Connections::receive(int fd) {
  Peer& peer = peers_.at(fd);
  if (!flush(peer)) return drop(fd);
  char buffer[4096];
  const ssize_t size = ::recv(fd, buffer, sizeof buffer, MSG_DONTWAIT);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (size <= 0) return drop(fd);
  peer.decoder.feed(std::string_view(buffer, static_cast<std::size_t>(size)));
  if (!handle_messages(peer)) drop(fd);
}

bool Connections::handle_messages(Peer& peer) {
  for (;;) {
    const auto message = peer.decoder.next();
    if (!message) return false;
    if (!*message) return true;
    if (const auto* stop = std::get_if<ipc::StopCommand>(&**message)) on_stop_(stop->by);
  }
}

void Connections::send_status(Peer& peer) {
  if (!peer.unsent.empty()) {
    peer.behind = true;
    return;
  }
  peer.unsent = ipc::encode(status_());
  flush(peer);  // a broken connection shows up as readable, too
}

bool Connections::flush(Peer& peer) {
  for (;;) {
    while (!peer.unsent.empty()) {
      const ssize_t size =
          ::send(peer.socket.get(), peer.unsent.data(), peer.unsent.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
      if (size < 0 && errno == EINTR) continue;
      if (size < 0 && errno == EAGAIN)
        return poller_.change(peer.socket.get(), EPOLLIN | EPOLLOUT).has_value();
      if (size < 0) return false;
      peer.unsent.erase(0, static_cast<std::size_t>(size));
    }
    if (!peer.behind) return poller_.change(peer.socket.get(), EPOLLIN).has_value();
    peer.behind = false;
    peer.unsent = ipc::encode(status_());
  }
}

void Connections::publish() {
  for (auto& [fd, peer] : peers_) send_status(peer);
}

void Connections::report_end(const ipc::TaskEnd& end) {
  const std::string frame = ipc::encode(ipc::EndReport{end});
  for (auto& [fd, peer] : peers_) {
    peer.behind = false;
    peer.unsent += frame;
    while (!peer.unsent.empty()) {
      pollfd ready{fd, POLLOUT, 0};
      if (::poll(&ready, 1, kLastWordMs) <= 0) break;
      const ssize_t size = ::send(fd, peer.unsent.data(), peer.unsent.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
      if (size <= 0) break;
      peer.unsent.erase(0, static_cast<std::size_t>(size));
    }
  }
}

void Connections::drop(int fd) {
  poller_.remove(fd);
  peers_.erase(fd);
}

}  // namespace am::observer
