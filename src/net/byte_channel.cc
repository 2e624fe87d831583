#include "net/byte_channel.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "net/tcp_socket.h"

namespace am::net {

namespace {

// How many queued messages one system call takes.
constexpr std::size_t kGather = 16;

}  // namespace

// Shared with the handler of a pending wait, which may outlive the channel by one turn of the loop.
class ByteChannel::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(Socket socket, std::size_t outbox_limit)
      : socket_(std::move(socket)), limit_(outbox_limit), peer_(peer_name(socket_.native_handle())) {}

  bool post(std::string bytes) {
    if (closed() || bytes.size() > limit_ - queued_) return false;
    if (bytes.empty()) return true;
    queued_ += bytes.size();
    outbox_.push_back(std::move(bytes));
    if (!waiting_) flush();
    return !closed();
  }

  void close() {
    boost::system::error_code ignored;  // the descriptor is gone either way
    socket_.shutdown(Socket::shutdown_both, ignored);
    socket_.close(ignored);
    give_up();
  }

  [[nodiscard]] bool closed() const { return broken_ || !socket_.is_open(); }
  [[nodiscard]] std::size_t queued() const { return queued_; }
  [[nodiscard]] const std::string& peer() const { return peer_; }
  Socket& socket() { return socket_; }

 private:
  // The peer takes nothing more; what it sent before can still be read.
  void give_up() {
    broken_ = true;
    outbox_.clear();
    queued_ = 0;
    sent_of_first_ = 0;
  }

  // Writes until the kernel takes no more, then waits for room.
  void flush() {
    while (!outbox_.empty()) {
      const auto sent = send_some();
      if (sent < 0) {
        if (errno == EINTR) continue;
        if (errno != EAGAIN) return give_up();
        return wait_for_room();
      }
      drop(static_cast<std::size_t>(sent));
    }
  }

  ssize_t send_some() {
    std::array<iovec, kGather> parts{};
    std::size_t count = 0;
    std::size_t skip = sent_of_first_;
    for (auto& message : outbox_) {
      if (count == kGather) break;
      parts[count++] = {message.data() + skip, message.size() - skip};
      skip = 0;
    }
    msghdr header{};
    header.msg_iov = parts.data();
    header.msg_iovlen = count;
    return ::sendmsg(socket_.native_handle(), &header, MSG_NOSIGNAL | MSG_DONTWAIT);
  }

  void drop(std::size_t sent) {
    queued_ -= sent;
    sent += sent_of_first_;
    while (!outbox_.empty() && sent >= outbox_.front().size()) {
      sent -= outbox_.front().size();
      outbox_.pop_front();
    }
    sent_of_first_ = sent;
  }

  void wait_for_room() {
    waiting_ = true;
    socket_.async_wait(Socket::wait_write,
                       [self = shared_from_this()](const boost::system::error_code& error) {
                         self->waiting_ = false;
                         if (!error && !self->closed()) self->flush();
                       });
  }

  Socket socket_;
  const std::size_t limit_;
  const std::string peer_;
  std::deque<std::string> outbox_;
  std::size_t queued_ = 0;         // bytes of the outbox that are not sent
  std::size_t sent_of_first_ = 0;  // bytes of its first message that are
  bool waiting_ = false;
  bool broken_ = false;
};

std::shared_ptr<ByteChannel> ByteChannel::make(Socket socket, std::size_t outbox_limit) {
  return std::make_shared<ByteChannel>(std::move(socket), outbox_limit);
}

ByteChannel::ByteChannel(Socket socket, std::size_t outbox_limit)
    : impl_(std::make_shared<Impl>(std::move(socket), outbox_limit)) {}

ByteChannel::~ByteChannel() { impl_->close(); }

Awaitable<std::size_t> ByteChannel::read_some(std::span<std::byte> into) {
  const auto impl = impl_;
  const auto [error, size] =
      co_await impl->socket().async_read_some(asio::buffer(into.data(), into.size()), kNoThrow);
  if (error == asio::error::eof) co_return 0;
  if (error) throw boost::system::system_error(error);
  co_return size;
}

bool ByteChannel::post(std::string bytes) { return impl_->post(std::move(bytes)); }
void ByteChannel::close() { impl_->close(); }
bool ByteChannel::closed() const { return impl_->closed(); }
std::size_t ByteChannel::outbox_bytes() const { return impl_->queued(); }
std::string ByteChannel::peer() const { return impl_->peer(); }

Awaitable<Result<std::shared_ptr<ByteChannel>>> connect_tcp(std::string host, std::uint16_t port,
                                                            std::size_t outbox_limit) {
  auto socket = co_await connect_socket(std::move(host), port, std::chrono::seconds(5));
  if (!socket) co_return pass_on(socket);
  co_return ByteChannel::make(ByteChannel::Socket(std::move(*socket)), outbox_limit);
}

Result<std::shared_ptr<ByteChannel>> adopt_socket(asio::any_io_executor executor, UniqueFd fd,
                                                  std::size_t outbox_limit) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    return fail_errno(errno, "descriptor {} is no socket", fd.get());
  }
  const int flags = ::fcntl(fd.get(), F_GETFL);
  if (flags < 0 || ::fcntl(fd.get(), F_SETFL, flags | O_NONBLOCK) != 0 ||
      ::fcntl(fd.get(), F_SETFD, FD_CLOEXEC) != 0) {
    return fail_errno(errno, "cannot prepare socket {}", fd.get());
  }
  ByteChannel::Socket socket(executor);
  boost::system::error_code error;
  socket.assign(asio::generic::stream_protocol(address.ss_family, 0), fd.get(), error);
  if (error) return fail(ErrorCode::internal, "cannot watch socket {}: {}", fd.get(), error.message());
  static_cast<void>(fd.release());
  return ByteChannel::make(std::move(socket), outbox_limit);
}

}  // namespace am::net
