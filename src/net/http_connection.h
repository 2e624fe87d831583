// One client's connection to the HTTP server: its requests, one after the other, until either side ends it.
#pragma once

#include <memory>

#include "net/http_server.h"
#include "net/request_reader.h"
#include "net/response_writer.h"

namespace am::net {

// What all connections of a server share.
struct ServerContext {
  HttpServer::Options options;
  Router router;
};

class HttpConnection : public std::enable_shared_from_this<HttpConnection> {
 public:
  HttpConnection(asio::ip::tcp::socket socket, std::shared_ptr<const ServerContext> server);

  // Serves until the connection ends; throws nothing.
  Awaitable<> run();
  // How to end run() when the client leaves while a handler works. To be given before the loop's next turn.
  void on_client_gone(TaskGroup::CancelHandle cancel) { cancel_ = std::move(cancel); }

 private:
  Awaitable<> serve();
  // One request after its head was read; false when the connection must end.
  Awaitable<bool> exchange(Request& request);
  // The guard, the body and the handler; a refusal where the handler was not reached.
  Awaitable<std::expected<bool, Refusal>> handle(const Route& route, Request& request);
  [[nodiscard]] std::optional<Refusal> ask_guard(const Route& route, Request& request) const;
  void report(const Request& request, std::string_view fault) const;
  Awaitable<> run_handler(const Route& route, Request& request);
  Awaitable<bool> refuse(Refusal refusal, std::string allowed);
  Awaitable<bool> answer_options(std::string allowed);
  // Lets a client that is still sending read the answer before it sees the connection closed.
  Awaitable<> linger();

  // While a handler waits: sends the head of a started answer and notices that the client goes.
  void begin_watch();
  void end_watch();
  void handler_waits(std::uint64_t round);
  void flush_head(std::uint64_t round);
  void watch(std::uint64_t round);
  void client_readable(std::uint64_t round);
  void client_gone();

  asio::ip::tcp::socket socket_;
  const std::shared_ptr<const ServerContext> server_;
  const std::string peer_;
  Deadline deadline_;
  RequestReader reader_;
  ResponseWriter writer_;
  TaskGroup::CancelHandle cancel_;
  std::uint64_t round_ = 0;  // counts watches; a callback of an earlier one does nothing
  bool watching_ = false;    // an operation of the current watch is pending
  bool gone_ = false;
};

}  // namespace am::net
