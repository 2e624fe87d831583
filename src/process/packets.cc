#include "process/packets.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace am::process {
namespace {

constexpr std::size_t kMostDescriptors = 8;
constexpr std::size_t kLongestWord = 64;

}  // namespace

Result<PacketPair> make_packet_pair() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
    return fail_errno(errno, "cannot make a pair of sockets");
  PacketPair pair{UniqueFd(ends[0]), UniqueFd(ends[1])};
  const int on = 1;
  if (::setsockopt(pair.ours.get(), SOL_SOCKET, SO_PASSCRED, &on, sizeof on) != 0)
    return fail_errno(errno, "cannot ask for the sender's process");
  return pair;
}

Result<void> send_packet(int socket, std::string_view content, std::span<const int> descriptors) {
  iovec piece{const_cast<char*>(content.data()), content.size()};  // only read
  alignas(cmsghdr) char control[CMSG_SPACE(kMostDescriptors * sizeof(int))] = {};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  if (!descriptors.empty()) {
    message.msg_control = control;
    message.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
    cmsghdr* const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(descriptors.size_bytes());
    std::memcpy(CMSG_DATA(header), descriptors.data(), descriptors.size_bytes());
  }
  ssize_t sent = -1;
  do {
    sent = ::sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  } while (sent < 0 && errno == EINTR);
  if (sent < 0) return fail_errno(errno, "cannot send {} bytes to another process", content.size());
  return {};
}

Result<std::optional<Handover>> receive_handover(int socket) {
  char word[kLongestWord];
  iovec place{word, sizeof word};
  alignas(cmsghdr) char control[CMSG_SPACE(kMostDescriptors * sizeof(int))];
  msghdr message{};
  ssize_t size = -1;
  do {
    message = {};
    message.msg_iov = &place;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    size = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  } while (size < 0 && errno == EINTR);
  if (size < 0) return fail_errno(errno, "cannot receive from another process");
  if (size == 0) return std::nullopt;
  Handover handover{std::string(word, static_cast<std::size_t>(size)), {}};
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    int descriptors[kMostDescriptors];
    const std::size_t bytes = header->cmsg_len - CMSG_LEN(0);
    std::memcpy(descriptors, CMSG_DATA(header), bytes);
    for (std::size_t i = 0; i < bytes / sizeof(int); ++i) handover.descriptors.emplace_back(descriptors[i]);
  }
  return handover;
}

Packet receive_packet(int socket) {
  char word[kLongestWord];
  iovec place{word, sizeof word};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(ucred))];
  msghdr message{};
  message.msg_iov = &place;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  const ssize_t size = ::recvmsg(socket, &message, MSG_DONTWAIT);
  Packet packet;
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return packet;
  packet.kind = size > 0 ? Packet::Kind::content : Packet::Kind::end;
  if (size <= 0) return packet;
  packet.content.assign(word, static_cast<std::size_t>(size));
  const cmsghdr* const header = CMSG_FIRSTHDR(&message);
  if (header != nullptr && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_CREDENTIALS) {
    ucred sender{};
    std::memcpy(&sender, CMSG_DATA(header), sizeof sender);
    packet.sender = sender.pid;
  }
  return packet;
}

}  // namespace am::process
