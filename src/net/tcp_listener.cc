#include "net/byte_channel.h"
#include "net/tcp_socket.h"

namespace am::net {

class TcpListener::Impl {
 public:
  Impl(TcpAcceptor listening, std::size_t limit) : acceptor(std::move(listening)), outbox_limit(limit) {}
  TcpAcceptor acceptor;
  std::size_t outbox_limit;
};

Result<std::unique_ptr<TcpListener>> TcpListener::listen(asio::any_io_executor executor,
                                                         const std::string& host, std::uint16_t port,
                                                         std::size_t outbox_limit) {
  auto acceptor = TcpAcceptor::listen(executor, host, port);
  if (!acceptor) return pass_on(acceptor);
  return std::unique_ptr<TcpListener>(
      new TcpListener(std::make_unique<Impl>(std::move(*acceptor), outbox_limit)));
}

TcpListener::TcpListener(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TcpListener::~TcpListener() = default;

std::uint16_t TcpListener::port() const { return impl_->acceptor.port(); }

Awaitable<Result<std::shared_ptr<ByteChannel>>> TcpListener::accept() {
  auto socket = co_await impl_->acceptor.accept();
  if (!socket) co_return pass_on(socket);
  co_return ByteChannel::make(ByteChannel::Socket(std::move(*socket)), impl_->outbox_limit);
}

void TcpListener::close() { impl_->acceptor.close(); }

}  // namespace am::net
