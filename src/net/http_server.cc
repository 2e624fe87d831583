#include "net/http_server.h"

#include "net/http_connection.h"
#include "net/tcp_socket.h"

namespace am::net {

class HttpServer::Impl {
 public:
  Impl(const asio::any_io_executor& executor, TcpAcceptor listening, Options options, Router router)
      : context_(std::make_shared<ServerContext>(std::move(options), std::move(router))),
        acceptor_(std::move(listening)),
        connections_(executor,
                     context_->options.on_fault
                         ? [context = context_](
                               const std::string& name,
                               const std::string& what) { context->options.on_fault(name + ": " + what); }
                         : TaskGroup::OnFailure()),
        run_ended_(executor) {}

  [[nodiscard]] std::uint16_t port() const { return acceptor_.port(); }
  [[nodiscard]] std::size_t connections() const { return connections_.size(); }

  Awaitable<> run() {
    struct Running {
      Impl& of;
      explicit Running(Impl& impl) : of(impl) { of.running_ = true; }
      ~Running() {
        of.running_ = false;
        of.run_ended_.notify_all();
      }
    } running(*this);
    co_await accept_all(acceptor_);
  }

  Awaitable<> accept_from(UniqueFd listening) {
    auto acceptor = TcpAcceptor::adopt(co_await asio::this_coro::executor, std::move(listening));
    if (!acceptor) throw std::runtime_error(acceptor.error().message);
    co_await accept_all(*acceptor);
  }

  Awaitable<> stop() {
    acceptor_.close();
    connections_.cancel();
    co_await connections_.drain();
    while (running_) co_await run_ended_.changed_since(run_ended_.version());
  }

 private:
  Awaitable<> accept_all(TcpAcceptor& acceptor) {
    for (;;) {
      auto socket = co_await acceptor.accept();
      if (!socket) co_return;
      if (connections_.size() >= context_->options.limits.connections) {
        turn_away(std::move(*socket));
      } else {
        serve(std::move(*socket));
      }
    }
  }

  void serve(asio::ip::tcp::socket socket) {
    const auto connection = std::make_shared<HttpConnection>(std::move(socket), context_);
    connection->on_client_gone(connections_.spawn("connection", connection->run()));
  }

  // Without waiting, so that connections over the limit cost nothing but this.
  void turn_away(asio::ip::tcp::socket socket) {
    const auto answer = context_->options.error_answer(
        503, {ErrorCode::resource_exhausted, fmt::format("the server is at its limit of {} connections",
                                                         context_->options.limits.connections)});
    const auto text = response_head({.status = 503,
                                     .headers = answer.headers,
                                     .framing = Framing::length,
                                     .content_length = answer.body.size(),
                                     .keep_alive = false,
                                     .http_1_0 = false}) +
                      answer.body;
    boost::system::error_code ignored;  // the client is sent away, whether it hears why or not
    socket.write_some(asio::buffer(text), ignored);
    socket.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
  }

  std::shared_ptr<const ServerContext> context_;
  TcpAcceptor acceptor_;
  TaskGroup connections_;
  Event run_ended_;
  bool running_ = false;
};

Result<std::unique_ptr<HttpServer>> HttpServer::listen(asio::any_io_executor executor, Options options,
                                                       Router router) {
  auto acceptor = TcpAcceptor::listen(executor, options.host, options.port);
  if (!acceptor) return pass_on(acceptor);
  auto impl = std::make_unique<Impl>(executor, std::move(*acceptor), std::move(options), std::move(router));
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::~HttpServer() = default;

std::uint16_t HttpServer::port() const { return impl_->port(); }
std::size_t HttpServer::connections() const { return impl_->connections(); }

Awaitable<> HttpServer::run() { return impl_->run(); }
Awaitable<> HttpServer::accept_from(UniqueFd listening) { return impl_->accept_from(std::move(listening)); }
Awaitable<> HttpServer::stop() { return impl_->stop(); }

}  // namespace am::net
