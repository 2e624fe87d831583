// Another process's network, used from here: a socket stays in the namespace in which it was made.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"
#include "base/unique_fd.h"

namespace am::process {

// A TCP socket that listens on 127.0.0.1:port of the network of that process (a pidfd).
Result<UniqueFd> listen_in_network_of(int process, std::uint16_t port);

// Whether that network has an interface of this name.
bool network_has(int process, const std::string& interface);

// The network namespace itself.
Result<UniqueFd> network_of(int process);

// The number of the process behind a pidfd; 0 when it has ended.
int number_of(int process);

}  // namespace am::process
