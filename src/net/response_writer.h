// Writes the answers of one server connection to its socket.
#pragma once

#include <array>
#include <functional>
#include <span>

#include "net/response_head.h"
#include "net/upgraded_socket.h"

namespace am::net {

class ResponseWriter final : public Responder {
 public:
  explicit ResponseWriter(asio::ip::tcp::socket& socket) : socket_(socket) {}

  // Before each request. `keep_alive` is what the client asked for.
  void begin(bool head_only, bool http_1_0, bool keep_alive);

  Awaitable<> respond(Response response) override;
  Awaitable<> start(unsigned status, Headers headers) override;
  Awaitable<> write(std::string_view bytes) override;
  Awaitable<std::shared_ptr<WebSocket>> upgrade(const Request& request) override;
  [[nodiscard]] bool started() const override { return started_; }
  // How upgrade() takes the connection over, with what was read of it already.
  void on_upgrade(std::function<UpgradedSocket()> give) { give_socket_ = std::move(give); }

  // "100 Continue": the client may send its body.
  Awaitable<> invite_body();
  // The end of a started answer. Safe to call after respond().
  Awaitable<> finish();
  // Sends what start() keeps back for the first write, as far as the kernel takes it at once; true when
  // nothing is left. For the moment at which a handler turns out to wait.
  bool flush_head();

  // The client's wish, unless something in between made the connection unusable for another request.
  [[nodiscard]] bool keep_alive() const { return keep_alive_; }
  void close_after() { keep_alive_ = false; }
  // The client took no more bytes: an exception out of a handler is then no fault.
  [[nodiscard]] bool broken() const { return broken_; }
  // Whole answer to HEAD: the handler may be stopped.
  [[nodiscard]] bool complete() const { return complete_; }

 private:
  // Sends what is left of the head, then these parts; returns when the kernel has all of it.
  Awaitable<> send(std::array<asio::const_buffer, 3> body);
  // Sends without waiting what the kernel takes at once, and forgets that part; false when the client has
  // gone.
  bool send_now(std::span<asio::const_buffer> parts);
  [[noreturn]] void give_up(const boost::system::error_code& error);

  asio::ip::tcp::socket& socket_;
  std::function<UpgradedSocket()> give_socket_;
  std::string head_;  // of a started answer, until its first bytes are sent
  Framing framing_ = Framing::length;
  std::uint64_t unsent_ = 0;       // of a streamed body with a Content-Length
  std::size_t sent_in_a_row_ = 0;  // bytes since the coroutine last waited
  bool head_only_ = false;
  bool http_1_0_ = false;
  bool keep_alive_ = true;
  bool started_ = false;
  bool complete_ = false;
  bool broken_ = false;
};

}  // namespace am::net
