#include "net/request_reader.h"

#include "net/ascii.h"
#include "net/message_parser.h"

namespace am::net {

namespace {

constexpr std::size_t kHeadPiece = 4 * 1024;    // most heads come in one read of this
constexpr std::size_t kBodyPiece = 64 * 1024;   // and bodies in as few as possible
constexpr std::size_t kIdleMemory = 16 * 1024;  // a kept connection holds no more than this

Refusal refuse(unsigned status, ErrorCode code, std::string message) {
  return Refusal(status, code, std::move(message));
}

Refusal malformed(std::string_view reason) {
  return refuse(400, ErrorCode::invalid_argument, fmt::format("malformed request: {}", reason));
}

std::size_t count(const Headers& headers, std::string_view name) {
  return static_cast<std::size_t>(std::ranges::count_if(
      headers.all(), [&](const auto& field) { return equal_ignoring_case(field.first, name); }));
}

// What Beast lets through and what would let two parties disagree on where a request ends.
std::optional<Refusal> check_framing(const Headers& headers, bool http_1_0) {
  if (const auto coding = headers.find("Transfer-Encoding")) {
    if (headers.find("Content-Length")) return malformed("both Content-Length and Transfer-Encoding");
    if (http_1_0) return malformed("Transfer-Encoding in HTTP/1.0");
    if (count(headers, "Transfer-Encoding") > 1 || !equal_ignoring_case(*coding, "chunked")) {
      return refuse(501, ErrorCode::invalid_argument,
                    fmt::format("Transfer-Encoding: \"{}\" is not supported, only chunked", *coding));
    }
  }
  const auto hosts = count(headers, "Host");
  if (hosts > 1 || (hosts == 0 && !http_1_0)) return malformed("expected one Host header");
  return std::nullopt;
}

}  // namespace

class RequestReader::Parser {
 public:
  void start(Request& request) {
    request_ = &request;
    head_bytes = 0;
    message.emplace(request.headers, &request.body);
  }
  void finish_head() {
    request_->method = std::move(message->method);
    request_->target = std::move(message->target);
  }

  std::optional<MessageParser<true>> message;
  std::size_t head_bytes = 0;  // consumed of the current head

 private:
  Request* request_ = nullptr;
};

RequestReader::RequestReader(asio::ip::tcp::socket& socket, Deadline& deadline, const HttpLimits& limits)
    : socket_(socket),
      deadline_(deadline),
      limits_(limits),
      buffer_(std::max(limits.header_bytes + kHeadPiece, kBodyPiece)),
      parser_(std::make_unique<Parser>()) {}

RequestReader::~RequestReader() = default;

Refusal RequestReader::refusal(const boost::system::error_code& error) const {
  if (error == http::error::header_limit) {
    return refuse(431, ErrorCode::too_large,
                  fmt::format("request headers: over {} bytes", limits_.header_bytes));
  }
  if (error == http::error::body_limit) {
    return refuse(413, ErrorCode::too_large, fmt::format("request body: over {} bytes", body_limit_));
  }
  if (error == http::error::bad_version) return malformed("expected HTTP/1.1 or HTTP/1.0");
  return malformed(error.message());
}

Awaitable<boost::system::error_code> RequestReader::read_more(std::size_t at_most) {
  const auto room = buffer_.prepare(at_most);
  const auto [error, size] = co_await socket_.async_read_some(asio::buffer(room.data, room.size), kNoThrow);
  buffer_.commit(size);
  co_return error;
}

RequestReader::Outcome RequestReader::parse_buffered(bool to_the_end) {
  auto& message = *parser_->message;
  message.eager(to_the_end);
  while (buffer_.size() > 0 && !(to_the_end ? message.is_done() : message.is_header_done())) {
    const auto bytes = buffer_.view();
    beast::error_code error;
    const auto used = message.put(asio::buffer(bytes.data(), bytes.size()), error);
    buffer_.consume(used);
    if (!message.is_header_done()) parser_->head_bytes += used;
    if (error == http::error::need_more) break;
    if (error) return std::unexpected(refusal(error));
  }
  return to_the_end ? message.is_done() : message.is_header_done();
}

Awaitable<RequestReader::Outcome> RequestReader::read_head(Request& request) {
  parser_->start(request);
  auto& message = *parser_->message;
  message.header_limit(static_cast<std::uint32_t>(limits_.header_bytes));
  buffer_.shrink(kIdleMemory);
  // A new connection is expected to speak; a kept one may be idle for longer.
  bool idle = !first_ && buffer_.size() == 0;
  first_ = false;
  deadline_.set(idle ? limits_.idle_deadline : limits_.header_deadline);
  for (;;) {
    // An empty line before a request is allowed.
    while (parser_->head_bytes == 0 && buffer_.view().starts_with("\r\n")) buffer_.consume(2);
    const auto complete = parse_buffered(false);
    if (!complete) co_return std::unexpected(complete.error());
    if (*complete) break;
    if (parser_->head_bytes + buffer_.size() > limits_.header_bytes) {
      co_return std::unexpected(refusal(http::make_error_code(http::error::header_limit)));
    }
    if (idle && (parser_->head_bytes > 0 || buffer_.size() > 0)) {
      idle = false;
      deadline_.set(limits_.header_deadline);
    }
    const auto error = co_await read_more(kHeadPiece);
    if (deadline_.expired()) {
      if (parser_->head_bytes == 0 && buffer_.size() == 0) co_return false;
      co_return std::unexpected(
          refuse(408, ErrorCode::invalid_argument,
                 fmt::format("request headers: not complete within {} s", limits_.header_deadline.count())));
    }
    if (error) co_return false;
  }
  deadline_.clear();
  parser_->finish_head();
  if (auto problem = check_framing(request.headers, http_1_0()))
    co_return std::unexpected(std::move(*problem));
  co_return true;
}

Awaitable<RequestReader::Outcome> RequestReader::read_body(std::uint64_t limit) {
  body_limit_ = limit;
  parser_->message->body_limit(limit);
  for (;;) {
    const auto complete = parse_buffered(true);
    if (!complete) co_return std::unexpected(complete.error());
    if (*complete) break;
    if (buffer_.full()) co_return std::unexpected(malformed("chunk header or trailer too long"));
    deadline_.set(limits_.body_deadline);
    const auto error = co_await read_more(kBodyPiece);
    if (deadline_.expired()) {
      co_return std::unexpected(
          refuse(408, ErrorCode::invalid_argument,
                 fmt::format("request body: nothing came for {} s", limits_.body_deadline.count())));
    }
    if (error) co_return false;
  }
  deadline_.clear();
  co_return true;
}

bool RequestReader::skip_buffered_body() {
  parser_->message->drop_body();
  const auto complete = parse_buffered(true);
  return complete && *complete;
}

bool RequestReader::body_pending() const { return !parser_->message->is_done(); }

std::optional<std::uint64_t> RequestReader::content_length() const {
  const auto length = parser_->message->content_length();
  if (!length) return std::nullopt;
  return *length;
}

bool RequestReader::http_1_0() const { return parser_->message->version < 11; }

bool RequestReader::keep_alive() const { return parser_->message->keep_alive(); }

}  // namespace am::net
