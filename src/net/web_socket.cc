#include "net/web_socket_impl.h"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include "net/http_status.h"
#include "net/tcp_socket.h"

namespace am::net {

namespace {

namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using namespace std::chrono_literals;

// For the handshake, and for the other side to agree to a close.
constexpr auto kAgreeDeadline = 5s;
// For a peer that is still writing, or only slow to close.
constexpr auto kLingerSilence = 1s;
constexpr auto kLingerLimit = 10s;
// How often the peer is looked at. One that is gone is noticed after two of these and the limit below.
constexpr auto kLookInterval = 6s;
constexpr unsigned kUnacknowledgedMs = 14'000;
constexpr std::size_t kLongestCharacter = 4;    // bytes in UTF-8
constexpr std::size_t kMaskBuffer = 64 * 1024;  // a client masks what it sends piece by piece of this

CloseReason reason_of(const websocket::close_reason& said) {
  if (said.code == websocket::close_code::none) return {close_code::no_status, {}};
  return {static_cast<std::uint16_t>(said.code), std::string(said.reason.data(), said.reason.size())};
}

// What Beast told the peer before it failed the connection.
CloseReason reason_of(const boost::system::error_code& error) {
  if (error == websocket::error::message_too_big || error == websocket::error::buffer_overflow) {
    return {close_code::too_big, fmt::format("a message has at most {} bytes", kMessageLimit)};
  }
  if (error == websocket::error::bad_frame_payload) return {close_code::bad_text, error.message()};
  if (error == websocket::condition::protocol_violation) return {close_code::protocol_error, error.message()};
  return {close_code::abnormal, error.message()};
}

// Of valid UTF-8: whether its last character is not whole.
bool ends_inside_character(std::string_view text) {
  std::size_t following = 0;
  while (following < text.size() &&
         (static_cast<unsigned char>(text[text.size() - 1 - following]) & 0xC0U) == 0x80U) {
    ++following;
  }
  if (following == text.size()) return false;
  const auto lead = static_cast<unsigned char>(text[text.size() - 1 - following]);
  const std::size_t needed = lead >= 0xF0U ? 3 : lead >= 0xE0U ? 2 : lead >= 0xC0U ? 1 : 0;
  return following < needed;
}

// 1005 and 1006 may not be sent, and a peer has a right to a code that means something.
websocket::close_reason sendable(const CloseReason& reason) {
  websocket::close_reason made;
  if (reason.code == close_code::no_status) return made;
  made.code = reason.code == close_code::abnormal ? close_code::going_away : reason.code;
  made.reason.assign(reason.text.data(), std::min(reason.text.size(), made.reason.max_size()));
  return made;
}

}  // namespace

Awaitable<> UpgradedSocket::linger() {
  error_code ignored;  // the peer may be gone already
  socket_.shutdown(next_layer_type::shutdown_send, ignored);
  const auto end = std::chrono::steady_clock::now() + kLingerLimit;
  asio::steady_timer limit(socket_.get_executor());
  const auto give_up = [this](const error_code& error) {
    error_code nothing_pending;
    if (!error) socket_.cancel(nothing_pending);
  };
  std::array<char, 64 * 1024> dropped;
  for (bool more = true; more && std::chrono::steady_clock::now() < end;) {
    limit.expires_after(kLingerSilence);
    limit.async_wait(give_up);
    const auto [error, size] = co_await socket_.async_read_some(asio::buffer(dropped), kNoThrow);
    more = !error;
  }
}

WebSocket::Impl::Impl(UpgradedSocket socket)
    : stream_(std::move(socket)), watch_timer_(stream_.get_executor()) {
  websocket::stream_base::timeout timeout{};
  timeout.handshake_timeout = kAgreeDeadline;
  timeout.idle_timeout = websocket::stream_base::none();  // see look_at_peer()
  timeout.keep_alive_pings = false;
  stream_.set_option(timeout);
  stream_.read_message_max(kMessageLimit);
  stream_.write_buffer_bytes(kMaskBuffer);
  stream_.auto_fragment(false);
  stream_.control_callback([this](websocket::frame_type, beast::string_view) { heard_ = true; });
}

Awaitable<Result<void>> WebSocket::Impl::accept(const Request& request) {
  beast::http::request<beast::http::empty_body> handshake(beast::http::verb::get, request.target, 11);
  for (const auto& [name, value] : request.headers.all()) handshake.insert(name, value);
  stream_.set_option(websocket::stream_base::decorator(
      [](websocket::response_type& response) { response.set(beast::http::field::server, "am"); }));
  const auto [error] = co_await stream_.async_accept(handshake, kNoThrow);
  if (error) co_return fail(ErrorCode::unavailable, "the WebSocket handshake failed: {}", error.message());
  watch_peer();
  co_return Result<void>{};
}

Awaitable<Result<void>> WebSocket::Impl::connect(std::string host, std::string target,
                                                 const Headers& headers) {
  stream_.set_option(websocket::stream_base::decorator([&headers](websocket::request_type& request) {
    for (const auto& [name, value] : headers.all()) request.set(name, value);
  }));
  websocket::response_type response;
  const auto [error] = co_await stream_.async_handshake(response, host, target, kNoThrow);
  if (error == websocket::error::upgrade_declined) {
    co_return std::unexpected(Error{error_code_of(response.result_int()),
                                    fmt::format("{}{} answers {}", host, target, response.result_int())});
  }
  if (error) {
    co_return fail(ErrorCode::unavailable, "no WebSocket to {}{}: {}", host, target, error.message());
  }
  watch_peer();
  co_return Result<void>{};
}

Awaitable<std::optional<Piece>> WebSocket::Impl::read(std::span<char> into) {
  const auto self = shared_from_this();
  std::size_t filled = 0;
  while (!ended_) {
    const auto [error, size] =
        co_await stream_.async_read_some(asio::buffer(into.data() + filled, into.size() - filled), kNoThrow);
    heard_ = true;
    if (error) {
      // A peer that says why and leaves before it has our answer has closed in order, too.
      const bool said_why = stream_.reason().code != websocket::close_code::none;
      end(said_why || error == websocket::error::closed ? reason_of(stream_.reason()) : reason_of(error));
      break;
    }
    filled += size;
    const bool done = stream_.is_message_done();
    if (stream_.got_text() && note_text({into.data() + filled - size, size}, done)) {
      // Beast looks for the end of the last character only where the last frame has bytes.
      CloseReason cut{close_code::bad_text, "a text message ends inside of a character"};
      co_await close(std::move(cut));
      break;
    }
    if (done || filled == into.size()) co_return Piece{{.text = stream_.got_text(), .last = done}, filled};
  }
  co_return std::nullopt;
}

bool WebSocket::Impl::note_text(std::string_view bytes, bool done) {
  text_tail_ += bytes.substr(bytes.size() - std::min<std::size_t>(bytes.size(), kLongestCharacter));
  if (text_tail_.size() > kLongestCharacter) text_tail_.erase(0, text_tail_.size() - kLongestCharacter);
  if (!done) return false;
  const std::string tail = std::exchange(text_tail_, {});
  return ends_inside_character(tail);
}

Awaitable<bool> WebSocket::Impl::write(PieceKind kind, std::string_view bytes) {
  if (ended_ || closing_) co_return false;
  const auto self = shared_from_this();
  stream_.text(kind.text);
  const auto [error, size] =
      co_await stream_.async_write_some(kind.last, asio::buffer(bytes.data(), bytes.size()), kNoThrow);
  co_return !error;
}

Awaitable<> WebSocket::Impl::close(CloseReason reason) {
  if (ended_ || closing_) co_return;
  closing_ = true;
  const auto self = shared_from_this();
  // Beast waits for room to write without a limit of its own.
  asio::steady_timer limit(stream_.get_executor(), kAgreeDeadline);
  limit.async_wait([self](const boost::system::error_code& error) {
    if (!error) self->abort();
  });
  static_cast<void>(co_await stream_.async_close(sendable(reason), kNoThrow));
  end(std::move(reason));
}

void WebSocket::Impl::abort() {
  boost::system::error_code ignored;  // the descriptor is gone either way
  stream_.next_layer().next_layer().close(ignored);
  end({close_code::abnormal, "the connection was ended"});
}

void WebSocket::Impl::end(CloseReason reason) {
  watch_timer_.cancel();
  if (std::exchange(ended_, true)) return;
  reason_ = std::move(reason);
}

void WebSocket::Impl::watch_peer() {
  watch_timer_.expires_after(kLookInterval);
  watch_timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (!error && self && !self->ended_) self->look_at_peer();
  });
}

// By the kernel's acknowledgements, not by pongs: a client that computes for a minute is not gone. The ping
// gives the kernel something to be acknowledged, and keeps proxies from closing an idle connection.
void WebSocket::Impl::look_at_peer() {
  if (peer_vanished()) return abort();
  if (!std::exchange(heard_, false) && !pinging_ && !closing_) {
    pinging_ = true;
    stream_.async_ping({}, [self = shared_from_this()](const boost::system::error_code&) {
      self->pinging_ = false;  // a failure shows up in the pending read
    });
  }
  watch_peer();
}

bool WebSocket::Impl::peer_vanished() {
  tcp_info info{};
  socklen_t size = sizeof info;
  const int fd = stream_.next_layer().next_layer().native_handle();
  if (::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return false;
  return info.tcpi_unacked > 0 && info.tcpi_last_ack_recv > kUnacknowledgedMs;
}

WebSocket::WebSocket(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
WebSocket::~WebSocket() { impl_->abort(); }

Awaitable<std::optional<Piece>> WebSocket::read(std::span<char> into) { return impl_->read(into); }
Awaitable<bool> WebSocket::write(PieceKind kind, std::string_view bytes) { return impl_->write(kind, bytes); }
Awaitable<> WebSocket::close(CloseReason reason) { return impl_->close(std::move(reason)); }
void WebSocket::abort() { impl_->abort(); }
const CloseReason& WebSocket::close_reason() const { return impl_->close_reason(); }

Awaitable<Result<std::unique_ptr<WebSocket>>> connect_web_socket(std::string host, std::uint16_t port,
                                                                 std::string target, Headers headers) {
  auto socket = co_await connect_socket(host, port, kAgreeDeadline);
  if (!socket) co_return pass_on(socket);
  const auto impl = std::make_shared<WebSocket::Impl>(UpgradedSocket(std::move(*socket)));
  const auto connected = co_await impl->connect(host_and_port(host, port), std::move(target), headers);
  if (!connected) co_return pass_on(connected);
  co_return std::make_unique<WebSocket>(impl);
}

}  // namespace am::net
