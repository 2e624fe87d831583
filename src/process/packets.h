// Packets between processes over a unix socket, with open descriptors and the sender's number.
#pragma once

#include <sys/types.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/unique_fd.h"

namespace am::process {

struct PacketPair {
  UniqueFd ours;  // hears from whom each packet comes
  UniqueFd theirs;
};
// A connected pair of seqpacket sockets.
Result<PacketPair> make_packet_pair();

// Sends the content as one packet, with at most eight open descriptors that the receiver gets, too (unix(7),
// SCM_RIGHTS). Never waits: an error where the receiver's queue is full.
Result<void> send_packet(int socket, std::string_view content, std::span<const int> descriptors = {});

struct Packet {
  enum class Kind { none, content, end };  // end: the other side is gone
  Kind kind = Kind::none;
  std::string content;
  pid_t sender = 0;  // as this process's pid namespace numbers it; 0 where it does not
};
// The next packet of at most 64 bytes, if there is one.
Packet receive_packet(int socket);

struct Handover {
  std::string content;  // at most 64 bytes
  std::vector<UniqueFd> descriptors;
};
// Waits for the next packet with what came along; nothing: the other side is gone.
Result<std::optional<Handover>> receive_handover(int socket);

}  // namespace am::process
