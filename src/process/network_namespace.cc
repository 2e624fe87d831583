#include "process/network_namespace.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/socket.h>

#include <cerrno>
#include <charconv>
#include <thread>

#include "base/files.h"

namespace am::process {
namespace {

// Runs it in a thread of its own: only threads change their network and end again.
template <typename Work>
Result<void> inside(int process, Work work) {
  Result<void> done;
  std::thread([&] {
    if (::setns(process, CLONE_NEWNET) == 0) {
      done = work();
    } else {
      done = fail_errno(errno, "cannot enter the container's network");
    }
  }).join();
  return done;
}

}  // namespace

Result<UniqueFd> listen_in_network_of(int process, std::uint16_t port) {
  UniqueFd listening;
  const auto done = inside(process, [&]() -> Result<void> {
    UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const int on = 1;
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (!socket || ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(socket.get(), SOMAXCONN) != 0) {
      return fail_errno(errno, "cannot listen on 127.0.0.1:{} in the task container", port);
    }
    listening = std::move(socket);
    return {};
  });
  if (!done) return pass_on(done);
  return listening;
}

bool network_has(int process, const std::string& interface) {
  bool found = false;
  const auto done = inside(process, [&]() -> Result<void> {
    found = ::if_nametoindex(interface.c_str()) != 0;
    return {};
  });
  return done && found;
}

Result<UniqueFd> network_of(int process) {
  UniqueFd network(::open(fmt::format("/proc/{}/ns/net", number_of(process)).c_str(), O_RDONLY | O_CLOEXEC));
  if (!network) return fail_errno(errno, "cannot open the container's network");
  return network;
}

int number_of(int process) {
  // See pidfd_open(2): the line is "Pid:\t<number>", -1 once the process was reaped.
  const std::string facts = read_file(fmt::format("/proc/self/fdinfo/{}", process)).value_or("");
  const std::size_t at = facts.find("Pid:\t");
  int number = 0;
  if (at == std::string::npos) return 0;
  std::from_chars(facts.data() + at + 5, facts.data() + facts.size(), number);
  return number > 0 ? number : 0;
}

}  // namespace am::process
