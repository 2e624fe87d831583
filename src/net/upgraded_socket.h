// A socket behind bytes that were read from it already: what a WebSocket takes over from an HTTP connection.
#pragma once

#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/role.hpp>
#include <string>
#include <utility>

#include "loop/awaitable.h"

namespace am::net {

// An AsyncStream as Beast wants one; its requirements name the types and functions.
class UpgradedSocket {
 public:
  using next_layer_type = asio::ip::tcp::socket;
  using executor_type = next_layer_type::executor_type;
  using error_code = boost::system::error_code;

  explicit UpgradedSocket(next_layer_type socket, std::string early = {})
      : socket_(std::move(socket)), early_(std::move(early)) {}

  executor_type get_executor() { return socket_.get_executor(); }
  next_layer_type& next_layer() { return socket_; }
  const next_layer_type& next_layer() const { return socket_; }

  template <typename Buffers, typename Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(error_code, std::size_t)>(
        [this](auto handler, const Buffers& into) { read(into, std::move(handler)); }, token, buffers);
  }
  template <typename Buffers, typename Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return socket_.async_write_some(buffers, std::forward<Token>(token));
  }

  // How Beast ends the connection: Beast's own waits for the peer's end of stream without a limit.
  template <typename Handler>
  friend void async_teardown(boost::beast::role_type, UpgradedSocket& socket, Handler handler) {
    asio::co_spawn(socket.get_executor(), socket.linger(),
                   [ended = std::move(handler)](const std::exception_ptr&) mutable { ended(error_code()); });
  }

 private:
  // Lets the peer read what was sent last: closing with unread bytes would reset the connection.
  Awaitable<> linger();

  template <typename Buffers, typename Handler>
  void read(const Buffers& into, Handler handler) {
    if (early_.empty()) return socket_.async_read_some(into, std::move(handler));
    const std::size_t size = asio::buffer_copy(into, asio::buffer(early_));
    early_.erase(0, size);
    asio::post(socket_.get_executor(),
               boost::beast::bind_front_handler(std::move(handler), error_code{}, size));
  }

  next_layer_type socket_;
  std::string early_;
};

}  // namespace am::net
