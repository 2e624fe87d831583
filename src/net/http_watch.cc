// The part of a connection that looks after its client while a handler waits for something else.
#include <sys/socket.h>

#include <cerrno>

#include "net/http_connection.h"

namespace am::net {

namespace {

// How much of the next requests is taken in while a handler works.
constexpr std::size_t kReadAhead = 16 * 1024;

using Socket = asio::ip::tcp::socket;

}  // namespace

void HttpConnection::begin_watch() {
  // Runs only if the handler waits: one that answers at once costs no system call here.
  asio::post(socket_.get_executor(),
             [self = shared_from_this(), round = ++round_] { self->handler_waits(round); });
}

void HttpConnection::end_watch() {
  ++round_;
  if (!watching_) return;
  watching_ = false;
  boost::system::error_code ignored;  // nothing pending is no error
  socket_.cancel(ignored);
}

void HttpConnection::handler_waits(std::uint64_t round) {
  if (round != round_) return;
  watching_ = true;
  flush_head(round);
  watch(round);
}

void HttpConnection::flush_head(std::uint64_t round) {
  if (writer_.flush_head()) return;
  socket_.async_wait(Socket::wait_write,
                     [self = shared_from_this(), round](const boost::system::error_code& error) {
                       if (!error && round == self->round_) self->flush_head(round);
                     });
}

void HttpConnection::watch(std::uint64_t round) {
  // With enough read ahead only a broken connection is noticed, which the kernel reports as an error.
  const bool room = reader_.buffer().size() < kReadAhead;
  socket_.async_wait(room ? Socket::wait_read : Socket::wait_error,
                     [self = shared_from_this(), round, room](const boost::system::error_code& error) {
                       if (error || round != self->round_) return;
                       if (room) {
                         self->client_readable(round);
                       } else {
                         self->client_gone();
                       }
                     });
}

void HttpConnection::client_readable(std::uint64_t round) {
  const auto room = reader_.buffer().prepare(kReadAhead);
  const auto size = ::recv(socket_.native_handle(), room.data, room.size, MSG_DONTWAIT);
  if (size > 0) {
    reader_.buffer().commit(static_cast<std::size_t>(size));
  } else if (size == 0 || (errno != EAGAIN && errno != EINTR)) {
    return client_gone();
  }
  watch(round);
}

void HttpConnection::client_gone() {
  gone_ = true;
  ++round_;
  watching_ = false;
  if (const auto cancel = cancel_.lock()) cancel->emit(asio::cancellation_type::terminal);
}

}  // namespace am::net
