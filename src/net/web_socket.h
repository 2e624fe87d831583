// WebSockets (RFC 6455) of both roles; Beast stays inside.
#pragma once

#include <memory>
#include <string>

#include "base/error.h"
#include "net/http.h"
#include "net/message_stream.h"

namespace am::net {

class WebSocket final : public MessageStream {
 public:
  class Impl;
  explicit WebSocket(std::shared_ptr<Impl> impl);
  ~WebSocket() override;

  Awaitable<std::optional<Piece>> read(std::span<char> into) override;
  Awaitable<bool> write(PieceKind kind, std::string_view bytes) override;
  Awaitable<> close(CloseReason reason) override;
  void abort() override;
  [[nodiscard]] const CloseReason& close_reason() const override;

 private:
  std::shared_ptr<Impl> impl_;
};

// Whether the request asks for a WebSocket that this server can give; else the answer that says what is
// missing (426, or 400 for a broken handshake).
std::optional<Response> refuse_handshake(const Request& request);

// Connects to ws://host:port<target>. The error of a server that refuses carries the code of its HTTP status
// (not_found, gone, forbidden, unavailable, …); `unavailable` when it cannot be reached.
Awaitable<Result<std::unique_ptr<WebSocket>>> connect_web_socket(std::string host, std::uint16_t port,
                                                                 std::string target, Headers headers);

}  // namespace am::net
