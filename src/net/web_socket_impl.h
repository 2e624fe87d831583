// The inside of net::WebSocket. Only for the .cc files of net/.
#pragma once

#include <boost/beast/websocket/stream.hpp>

#include "net/upgraded_socket.h"
#include "net/web_socket.h"

namespace am::net {

class WebSocket::Impl : public std::enable_shared_from_this<WebSocket::Impl> {
 public:
  // Without permessage-deflate: messages between tasks are on one machine or one network.
  using Stream = boost::beast::websocket::stream<UpgradedSocket, false>;

  explicit Impl(UpgradedSocket socket);

  // One of these first.
  Awaitable<Result<void>> accept(const Request& request);
  Awaitable<Result<void>> connect(std::string host, std::string target, const Headers& headers);

  Awaitable<std::optional<Piece>> read(std::span<char> into);
  Awaitable<bool> write(PieceKind kind, std::string_view bytes);
  Awaitable<> close(CloseReason reason);
  void abort();
  [[nodiscard]] const CloseReason& close_reason() const { return reason_; }

 private:
  // The bytes of a text message as they come; true when it is over inside of a character.
  bool note_text(std::string_view bytes, bool done);
  void end(CloseReason reason);
  void watch_peer();
  void look_at_peer();
  [[nodiscard]] bool peer_vanished();

  Stream stream_;
  asio::steady_timer watch_timer_;
  CloseReason reason_;
  std::string text_tail_;  // the last bytes of the text message that is being read
  bool ended_ = false;     // reason_ is final
  bool closing_ = false;   // close() is under way
  bool heard_ = true;      // of the peer, since the last look
  bool pinging_ = false;
};

}  // namespace am::net
