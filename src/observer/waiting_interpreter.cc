#include "observer/waiting_interpreter.h"

#include <charconv>
#include <string>

#include "ipc/interpreter_orders.h"
#include "process/packets.h"

namespace am::observer {

Result<WaitingInterpreter> WaitingInterpreter::create() {
  auto sockets = process::make_packet_pair();
  if (!sockets) return pass_on(sockets);
  return WaitingInterpreter(std::move(sockets->ours), std::move(sockets->theirs));
}

Result<void> WaitingInterpreter::fork_from(int launcher, int standard_output, int standard_error) {
  const int descriptors[] = {their_end(), standard_output, standard_error};
  auto sent = process::send_packet(launcher, ipc::fork_order(), descriptors);
  started();
  return sent;
}

WaitingInterpreter::Word WaitingInterpreter::hear() {
  const process::Packet packet = process::receive_packet(ours_.get());
  if (packet.kind == process::Packet::Kind::none) return Word::nothing;
  if (packet.kind == process::Packet::Kind::end) return Word::ended;
  const std::string& word = packet.content;
  std::from_chars(word.data(), word.data() + word.size(), process_inside_);
  process_ = packet.sender;
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
