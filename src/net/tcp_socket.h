// The few socket steps that servers, clients and channels share. Every descriptor is close-on-exec and
// non-blocking.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "base/error.h"
#include "base/unique_fd.h"
#include "loop/awaitable.h"

namespace am::net {

// A listening TCP socket and its accepts.
class TcpAcceptor {
 public:
  // Binds at once; port 0 lets the kernel pick. The error names host, port and reason.
  static Result<TcpAcceptor> listen(const asio::any_io_executor& executor, const std::string& host,
                                    std::uint16_t port);

  // A socket that somebody else has bound, and that listens.
  static Result<TcpAcceptor> adopt(const asio::any_io_executor& executor, UniqueFd listening);

  [[nodiscard]] std::uint16_t port() const { return port_; }
  // The next connection, with TCP_NODELAY and keep-alive set; an error once close() was called. When the
  // process or the machine is out of descriptors or memory it waits briefly and goes on.
  Awaitable<Result<asio::ip::tcp::socket>> accept();
  void close();

 private:
  TcpAcceptor(asio::ip::tcp::acceptor acceptor, std::uint16_t port)
      : acceptor_(std::move(acceptor)), port_(port) {}

  asio::ip::tcp::acceptor acceptor_;
  std::uint16_t port_;
  unsigned without_wait_ = 0;  // connections accepted in a row
};

// Connects within `deadline`, trying each address of the name. `unavailable` with host, port and reason.
Awaitable<Result<asio::ip::tcp::socket>> connect_socket(std::string host, std::uint16_t port,
                                                        std::chrono::steady_clock::duration deadline);

// "127.0.0.1:8080", "[::1]:8080"; "unix" for any other family; empty when the socket is not connected.
std::string peer_name(int fd);
std::string host_and_port(const std::string& host, std::uint16_t port);

}  // namespace am::net
