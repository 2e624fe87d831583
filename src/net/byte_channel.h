// A connected stream socket (TCP or unix) with a bounded outbox: how IPC frames travel.
#pragma once

#include <deque>
#include <memory>
#include <span>
#include <string>

#include "base/error.h"
#include "base/unique_fd.h"
#include "loop/awaitable.h"

namespace am::net {

// Single-threaded; shared_ptr because reader and writer coroutines both hold it.
class ByteChannel {
 public:
  using Socket = asio::generic::stream_protocol::socket;
  static std::shared_ptr<ByteChannel> make(Socket socket, std::size_t outbox_limit);

  ByteChannel(Socket socket, std::size_t outbox_limit);
  ~ByteChannel();

  // At least one byte, or 0 at the end of the stream; throws system_error when the connection breaks.
  Awaitable<std::size_t> read_some(std::span<std::byte> into);
  // Queues bytes and sends them in order; they are written at once when nothing waits before them. false, and
  // nothing queued, when the outbox would grow over its limit or the channel is closed: the caller closes it.
  bool post(std::string bytes);
  // Closes both directions; a pending read ends with an error.
  void close();
  [[nodiscard]] bool closed() const;
  [[nodiscard]] std::size_t outbox_bytes() const;
  [[nodiscard]] std::string peer() const;  // "127.0.0.1:40112", or "unix"

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

// Connects over TCP (with TCP_NODELAY); `unavailable` with host, port and reason.
Awaitable<Result<std::shared_ptr<ByteChannel>>> connect_tcp(std::string host, std::uint16_t port,
                                                            std::size_t outbox_limit);
// Takes an already connected stream socket's descriptor (any address family).
Result<std::shared_ptr<ByteChannel>> adopt_socket(asio::any_io_executor executor, UniqueFd fd,
                                                  std::size_t outbox_limit);

// Listens on TCP; accept() gives channels until close().
class TcpListener {
 public:
  static Result<std::unique_ptr<TcpListener>> listen(asio::any_io_executor executor, const std::string& host,
                                                     std::uint16_t port, std::size_t outbox_limit);
  ~TcpListener();
  [[nodiscard]] std::uint16_t port() const;
  // The next connection; an error once closed. Waits and goes on when the process is out of descriptors.
  Awaitable<Result<std::shared_ptr<ByteChannel>>> accept();
  void close();

 private:
  class Impl;
  explicit TcpListener(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace am::net
