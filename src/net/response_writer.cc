#include "net/response_writer.h"

#include <charconv>
#include <stdexcept>

#include "net/ascii.h"
#include "net/web_socket_impl.h"

namespace am::net {

namespace {

// A fast reader must not keep the loop from everybody else for longer than this takes.
constexpr std::size_t kTurnBytes = 256 * 1024;

asio::const_buffer bytes_of(std::string_view text) { return {text.data(), text.size()}; }

void consume(std::span<asio::const_buffer> parts, std::size_t count) {
  for (auto& part : parts) {
    const auto taken = std::min(part.size(), count);
    part += taken;
    count -= taken;
  }
}

std::size_t total(std::span<const asio::const_buffer> parts) {
  std::size_t sum = 0;
  for (const auto& part : parts) sum += part.size();
  return sum;
}

bool has_no_body(unsigned status) { return status == 204 || status == 304; }

std::optional<std::uint64_t> declared_length(const Headers& headers) {
  const auto text = headers.find("Content-Length");
  if (!text) return std::nullopt;
  std::uint64_t length = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), length);
  if (error != std::errc() || end != text->data() + text->size()) {
    throw std::invalid_argument(fmt::format("answer's Content-Length is no number: \"{}\"", *text));
  }
  return length;
}

bool asks_to_close(const Headers& headers) {
  const auto connection = headers.find("Connection");
  return connection && equal_ignoring_case(*connection, "close");
}

}  // namespace

void ResponseWriter::begin(bool head_only, bool http_1_0, bool keep_alive) {
  head_.clear();
  unsent_ = 0;
  head_only_ = head_only;
  http_1_0_ = http_1_0;
  keep_alive_ = keep_alive;
  started_ = false;
  complete_ = false;
}

void ResponseWriter::give_up(const boost::system::error_code& error) {
  broken_ = true;
  throw boost::system::system_error(error);
}

bool ResponseWriter::send_now(std::span<asio::const_buffer> parts) {
  boost::system::error_code error;
  const auto sent = socket_.write_some(std::span<const asio::const_buffer>(parts), error);
  if (error && error != asio::error::would_block) {
    broken_ = true;
    return false;
  }
  consume(parts, sent);
  sent_in_a_row_ += sent;
  return true;
}

Awaitable<> ResponseWriter::send(std::array<asio::const_buffer, 3> body) {
  // Moved out, so that flush_head() does not send it a second time while this waits.
  const std::string head = std::move(head_);
  head_.clear();
  std::array<asio::const_buffer, 4> parts{bytes_of(head), body[0], body[1], body[2]};
  if (!send_now(parts)) give_up(asio::error::broken_pipe);
  while (total(parts) > 0) {
    const auto [error, size] = co_await socket_.async_write_some(parts, kNoThrow);
    if (error) give_up(error);
    consume(parts, size);
    sent_in_a_row_ = 0;
  }
  if (sent_in_a_row_ >= kTurnBytes) {
    sent_in_a_row_ = 0;
    co_await asio::post(socket_.get_executor(), asio::use_awaitable);
  }
}

bool ResponseWriter::flush_head() {
  if (head_.empty()) return true;
  std::array<asio::const_buffer, 1> parts{bytes_of(head_)};
  if (!send_now(parts)) return true;  // the next write meets the same error
  head_.erase(0, head_.size() - parts[0].size());
  return head_.empty();
}

Awaitable<> ResponseWriter::respond(Response response) {
  if (started_) throw std::logic_error("respond() after the answer was started");
  if (asks_to_close(response.headers)) keep_alive_ = false;
  std::uint64_t length = response.body.size();
  if (head_only_ && length == 0) length = declared_length(response.headers).value_or(0);
  head_ = response_head({.status = response.status,
                         .headers = response.headers,
                         .framing = has_no_body(response.status) ? Framing::none : Framing::length,
                         .content_length = length,
                         .keep_alive = keep_alive_,
                         .http_1_0 = http_1_0_});
  started_ = true;  // from here on; a head that cannot be made leaves room for another answer
  const bool with_body = !head_only_ && !has_no_body(response.status);
  complete_ = true;
  std::array<asio::const_buffer, 3> body{};
  if (with_body) body[0] = bytes_of(response.body);
  co_await send(body);
}

Awaitable<> ResponseWriter::start(unsigned status, Headers headers) {
  if (started_) throw std::logic_error("start() after the answer was started");
  if (asks_to_close(headers)) keep_alive_ = false;
  const auto length = declared_length(headers);
  unsent_ = length.value_or(0);
  framing_ = has_no_body(status) ? Framing::none
             : length            ? Framing::length
             : http_1_0_         ? Framing::close
                                 : Framing::chunked;
  if (framing_ == Framing::close) keep_alive_ = false;
  head_ = response_head({.status = status,
                         .headers = headers,
                         .framing = framing_,
                         .content_length = unsent_,
                         .keep_alive = keep_alive_,
                         .http_1_0 = http_1_0_});
  started_ = true;
  if (!head_only_) co_return;
  complete_ = true;
  const std::array<asio::const_buffer, 3> nothing{};
  co_await send(nothing);
  // Nothing is left to do for the handler, and a stream of live output might never end.
  throw boost::system::system_error(asio::error::operation_aborted, "HEAD wants no body");
}

Awaitable<> ResponseWriter::write(std::string_view bytes) {
  if (!started_ || complete_) throw std::logic_error("write() outside of start() and the handler's return");
  if (bytes.empty()) co_return;  // an empty chunk would end the body
  std::array<asio::const_buffer, 3> body{};
  std::array<char, 20> size{};
  if (framing_ == Framing::chunked) {
    const auto end = fmt::format_to_n(size.data(), size.size(), "{:x}\r\n", bytes.size()).out;
    body[0] = asio::const_buffer(size.data(), static_cast<std::size_t>(end - size.data()));
    body[1] = bytes_of(bytes);
    body[2] = bytes_of("\r\n");
  } else {
    if (framing_ == Framing::none || (framing_ == Framing::length && bytes.size() > unsent_)) {
      throw std::logic_error("write() of more bytes than the answer's headers announce");
    }
    if (framing_ == Framing::length) unsent_ -= bytes.size();
    body[0] = bytes_of(bytes);
  }
  co_await send(body);
}

Awaitable<> ResponseWriter::finish() {
  if (complete_) co_return;
  complete_ = true;
  if (framing_ == Framing::length && unsent_ > 0) keep_alive_ = false;  // the client sees a short body
  std::array<asio::const_buffer, 3> body{};
  if (framing_ == Framing::chunked) body[0] = bytes_of("0\r\n\r\n");
  co_await send(body);
}

Awaitable<> ResponseWriter::invite_body() {
  std::array<asio::const_buffer, 3> body{};
  body[0] = bytes_of("HTTP/1.1 100 Continue\r\n\r\n");
  co_await send(body);
}

Awaitable<std::shared_ptr<WebSocket>> ResponseWriter::upgrade(const Request& request) {
  if (auto refusal = refuse_handshake(request)) {
    co_await respond(std::move(*refusal));
    co_return nullptr;
  }
  started_ = true;
  complete_ = true;
  keep_alive_ = false;
  const auto impl = std::make_shared<WebSocket::Impl>(give_socket_());
  const auto accepted = co_await impl->accept(request);
  if (!accepted) co_return nullptr;
  co_return std::make_shared<WebSocket>(impl);
}

}  // namespace am::net
