#include "observer/waiting_interpreter.h"

#include <sys/socket.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <string>

#include "ipc/interpreter_orders.h"
#include "process/send_packet.h"

namespace am::observer {

Result<WaitingInterpreter> WaitingInterpreter::create() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
    return fail_errno(errno, "cannot make the interpreter's socket");
  WaitingInterpreter waiting{UniqueFd(ends[0]), UniqueFd(ends[1])};
  // The kernel tells with each of its words which process it comes from.
  const int on = 1;
  if (::setsockopt(ends[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof on) != 0)
    return fail_errno(errno, "cannot ask for the interpreter's process");
  return waiting;
}

Result<void> WaitingInterpreter::fork_from(int launcher, int standard_output, int standard_error) {
  const int descriptors[] = {their_end(), standard_output, standard_error};
  auto sent = process::send_packet(launcher, ipc::fork_order(), descriptors);
  started();
  return sent;
}

WaitingInterpreter::Word WaitingInterpreter::hear() {
  char word[32];
  iovec place{word, sizeof word};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(ucred))];
  msghdr message{};
  message.msg_iov = &place;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  const ssize_t size = ::recvmsg(ours_.get(), &message, MSG_DONTWAIT);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return Word::nothing;
  if (size <= 0) return Word::ended;
  std::from_chars(word, word + size, process_inside_);
  const cmsghdr* const header = CMSG_FIRSTHDR(&message);
  if (header != nullptr && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_CREDENTIALS) {
    ucred sender{};
    std::memcpy(&sender, CMSG_DATA(header), sizeof sender);
    process_ = sender.pid;
  }
  return Word::waits;
}

Result<void> WaitingInterpreter::run(const ipc::RunCommand& command) {
  const std::string order = ipc::run_order(command);
  if (order.size() > ipc::kLongestOrder)
    return fail(ErrorCode::too_large, "an order of {} bytes is too large for an interpreter that waits",
                order.size());
  return process::send_packet(ours_.get(), order);
}

Result<void> WaitingInterpreter::take_pages() {
  return process::send_packet(ours_.get(), ipc::take_pages_order());
}

Result<void> WaitingInterpreter::preload(const std::vector<std::string>& modules) {
  return process::send_packet(ours_.get(), ipc::preload_order(modules));
}

}  // namespace am::observer
