// Open descriptors for another process.
#pragma once

#include <span>
#include <string_view>

#include "base/error.h"

namespace am::process {

// Sends the content as one packet to a unix socket, with at most eight open descriptors that the receiver
// gets, too (unix(7), SCM_RIGHTS). Blocks while the receiver's queue is full.
Result<void> send_packet(int socket, std::string_view content, std::span<const int> descriptors = {});

}  // namespace am::process
