#include "net/response_reader.h"

#include <optional>

#include "net/message_parser.h"

namespace am::net {

namespace {

constexpr std::size_t kPiece = 64 * 1024;
constexpr std::uint32_t kHeadBytes = 32 * 1024;

}  // namespace

class ResponseReader::Parser {
 public:
  std::optional<MessageParser<false>> message;
  std::string body;  // what one step of the parser gave
};

ResponseReader::ResponseReader(asio::ip::tcp::socket& socket)
    : socket_(socket), buffer_(kPiece), parser_(std::make_unique<Parser>()) {}

ResponseReader::~ResponseReader() = default;

void ResponseReader::begin() {
  parser_->message.reset();
  any_ = buffer_.size() > 0;
}

Awaitable<boost::system::error_code> ResponseReader::read_more() {
  const auto room = buffer_.prepare(kPiece);
  const auto [error, size] = co_await socket_.async_read_some(asio::buffer(room.data, room.size), kNoThrow);
  buffer_.commit(size);
  any_ = any_ || size > 0;
  co_return error;
}

boost::system::error_code ResponseReader::parse() {
  const auto bytes = buffer_.view();
  boost::system::error_code error;
  buffer_.consume(parser_->message->put(asio::buffer(bytes.data(), bytes.size()), error));
  if (error == http::error::need_more) return {};
  return error;
}

Awaitable<boost::system::error_code> ResponseReader::read_head(Response& answer, bool to_head) {
  do {
    answer = Response{};
    auto& message = parser_->message.emplace(answer.headers, &parser_->body);
    message.header_limit(kHeadBytes);
    message.skip(to_head);
    for (;;) {
      if (buffer_.size() > 0) {
        const auto broken = parse();
        if (broken) co_return broken;
        if (message.is_header_done()) break;
        if (buffer_.full()) co_return http::make_error_code(http::error::header_limit);
      }
      const auto error = co_await read_more();
      if (error) co_return error;
    }
    answer.status = message.status;
  } while (answer.status / 100 == 1 && answer.status != 101);
  parser_->message->eager(true);
  co_return boost::system::error_code{};
}

Awaitable<boost::system::error_code> ResponseReader::read_some(std::string& into) {
  auto& message = *parser_->message;
  while (!message.is_done()) {
    parser_->body.clear();
    if (buffer_.size() > 0) {
      const auto broken = parse();
      if (broken) co_return broken;
      if (!parser_->body.empty()) {
        if (into.empty()) {
          into.swap(parser_->body);
        } else {
          into += parser_->body;
        }
        co_return boost::system::error_code{};
      }
      if (message.is_done()) break;
      if (buffer_.full()) co_return http::make_error_code(http::error::bad_chunk);
    }
    const auto error = co_await read_more();
    if (error == asio::error::eof) {
      beast::error_code incomplete;
      message.put_eof(incomplete);
      co_return incomplete;
    }
    if (error) co_return error;
  }
  co_return boost::system::error_code{};
}

bool ResponseReader::any() const { return any_; }

bool ResponseReader::done() const {
  return parser_->message && parser_->message->is_header_done() && parser_->message->is_done();
}

bool ResponseReader::keep_alive() const {
  return done() && buffer_.size() == 0 && parser_->message->keep_alive();
}

}  // namespace am::net
