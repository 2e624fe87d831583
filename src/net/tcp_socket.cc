#include "net/tcp_socket.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <memory>

#include "net/deadline.h"

namespace am::net {

namespace {

using asio::ip::tcp;

constexpr auto kOutOfDescriptorsPause = std::chrono::milliseconds(100);
// A flood of connections lets the others' work in between this many.
constexpr unsigned kAcceptsInARow = 32;

void set_option(int fd, int level, int name, int value) {
  // Each of these only tunes the connection; one that a kernel refuses is no reason to refuse the connection.
  static_cast<void>(::setsockopt(fd, level, name, &value, sizeof value));
}

void tune(int fd) {
  set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
  // A peer that vanished without a word is noticed after 15 + 3 * 5 seconds.
  set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
  set_option(fd, IPPROTO_TCP, TCP_KEEPIDLE, 15);
  set_option(fd, IPPROTO_TCP, TCP_KEEPINTVL, 5);
  set_option(fd, IPPROTO_TCP, TCP_KEEPCNT, 3);
}

tcp protocol_of(int family) { return family == AF_INET6 ? tcp::v6() : tcp::v4(); }

Result<UniqueFd> listening_socket(const addrinfo& address, const std::string& where) {
  UniqueFd fd(::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return fail_errno(errno, "cannot listen on {}", where);
  set_option(fd.get(), SOL_SOCKET, SO_REUSEADDR, 1);
  if (::bind(fd.get(), address.ai_addr, address.ai_addrlen) != 0 || ::listen(fd.get(), SOMAXCONN) != 0) {
    return fail_errno(errno, "cannot listen on {}", where);
  }
  return fd;
}

std::uint16_t local_port(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(address).sin6_port
                                             : reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

bool out_of_resources(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

Awaitable<boost::system::error_code> connect_one(tcp::socket& socket, tcp::endpoint endpoint) {
  UniqueFd fd(::socket(endpoint.protocol().family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  boost::system::error_code error;
  if (!fd) {
    error.assign(errno, boost::system::system_category());
    co_return error;
  }
  socket.assign(endpoint.protocol(), fd.get(), error);
  if (error) co_return error;
  const int number = fd.release();
  const auto [result] = co_await socket.async_connect(endpoint, kNoThrow);
  if (!result) tune(number);
  co_return result;
}

}  // namespace

Result<TcpAcceptor> TcpAcceptor::listen(const asio::any_io_executor& executor, const std::string& host,
                                        std::uint16_t port) {
  const std::string where = host_and_port(host, port);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int problem =
      ::getaddrinfo(host.empty() ? nullptr : host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (problem != 0) {
    return fail(ErrorCode::invalid_argument, "cannot listen on {}: {}", where, ::gai_strerror(problem));
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, &::freeaddrinfo);
  // Of a name that has both, such as localhost, the IPv4 address: it is the one that everybody tries.
  const addrinfo* chosen = addresses.get();
  while (chosen->ai_family != AF_INET && chosen->ai_next != nullptr) chosen = chosen->ai_next;
  if (chosen->ai_family != AF_INET) chosen = addresses.get();
  auto fd = listening_socket(*chosen, where);
  if (!fd) return pass_on(fd);
  return adopt(executor, std::move(*fd));
}

Result<TcpAcceptor> TcpAcceptor::adopt(const asio::any_io_executor& executor, UniqueFd listening) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getsockname(listening.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
    return fail_errno(errno, "cannot see where a socket listens");
  const auto bound = local_port(listening.get());
  tcp::acceptor acceptor(executor);
  boost::system::error_code error;
  acceptor.assign(protocol_of(address.ss_family), listening.get(), error);
  if (!error) acceptor.non_blocking(true, error);
  if (error) return fail(ErrorCode::internal, "cannot listen on port {}: {}", bound, error.message());
  static_cast<void>(listening.release());
  return TcpAcceptor(std::move(acceptor), bound);
}

Awaitable<Result<tcp::socket>> TcpAcceptor::accept() {
  const auto executor = acceptor_.get_executor();
  if (++without_wait_ >= kAcceptsInARow) {
    without_wait_ = 0;
    co_await asio::post(executor, asio::use_awaitable);
  }
  while (acceptor_.is_open()) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    UniqueFd fd(::accept4(acceptor_.native_handle(), reinterpret_cast<sockaddr*>(&address), &size,
                          SOCK_CLOEXEC | SOCK_NONBLOCK));
    const int reason = errno;
    if (fd) {
      tune(fd.get());
      tcp::socket socket(executor);
      boost::system::error_code error;
      socket.assign(protocol_of(address.ss_family), fd.get(), error);
      if (error) continue;  // the poller has no room for it; the connection is dropped
      static_cast<void>(fd.release());
      socket.non_blocking(true, error);
      co_return socket;
    }
    if (reason == EAGAIN) {
      without_wait_ = 0;
      // The result is the next accept4's, an error here means close().
      static_cast<void>(co_await acceptor_.async_wait(tcp::acceptor::wait_read, kNoThrow));
    } else if (out_of_resources(reason)) {
      asio::steady_timer pause(executor, kOutOfDescriptorsPause);
      co_await pause.async_wait(asio::use_awaitable);
    }
    // Everything else (ECONNABORTED, EINTR, network errors of the new connection) concerns that one
    // connection.
  }
  co_return fail(ErrorCode::unavailable, "port {}: the listener is closed", port_);
}

void TcpAcceptor::close() {
  boost::system::error_code ignored;  // the descriptor is gone either way
  acceptor_.close(ignored);
}

Awaitable<Result<tcp::socket>> connect_socket(std::string host, std::uint16_t port,
                                              std::chrono::steady_clock::duration deadline) {
  const auto executor = co_await asio::this_coro::executor;
  tcp::socket socket(executor);
  tcp::resolver resolver(executor);
  Deadline limit(executor, [&] {
    boost::system::error_code ignored;
    resolver.cancel();
    socket.close(ignored);
  });
  limit.set(deadline);

  std::vector<tcp::endpoint> endpoints;
  boost::system::error_code error;
  const auto numeric = asio::ip::make_address(host, error);
  if (!error) {
    endpoints.emplace_back(numeric, port);
  } else {
    const auto [failed, found] = co_await resolver.async_resolve(host, std::to_string(port), kNoThrow);
    error = failed;
    for (const auto& entry : found) endpoints.push_back(entry.endpoint());
  }
  for (const auto& endpoint : endpoints) {
    if (limit.expired()) break;
    boost::system::error_code ignored;
    socket.close(ignored);
    error = co_await connect_one(socket, endpoint);
    if (!error) co_return socket;
  }
  const auto seconds = std::chrono::duration_cast<std::chrono::milliseconds>(deadline).count() / 1000.0;
  if (limit.expired()) {
    co_return fail(ErrorCode::unavailable, "cannot connect to {}: no answer within {} s",
                   host_and_port(host, port), seconds);
  }
  co_return fail(ErrorCode::unavailable, "cannot connect to {}: {}", host_and_port(host, port),
                 error.message());
}

std::string host_and_port(const std::string& host, std::uint16_t port) {
  return host.contains(':') ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

std::string peer_name(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getpeername(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return {};
  char text[INET6_ADDRSTRLEN] = "";
  if (address.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    return host_and_port(::inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text), ntohs(v4.sin_port));
  }
  if (address.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
    return host_and_port(::inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text), ntohs(v6.sin6_port));
  }
  return "unix";
}

}  // namespace am::net
