#include "process/send_packet.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace am::process {
namespace {

constexpr std::size_t kMostDescriptors = 8;

}  // namespace

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
    sent = ::sendmsg(socket, &message, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  if (sent < 0) return fail_errno(errno, "cannot send {} bytes to another process", content.size());
  return {};
}

}  // namespace am::process
