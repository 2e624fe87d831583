// Reads the requests of one server connection, head first and body on demand, within its limits and
// deadlines.
#pragma once

#include <expected>
#include <memory>
#include <optional>

#include "net/deadline.h"
#include "net/http_server.h"
#include "net/read_buffer.h"

namespace am::net {

// A request that gets an error answer before any handler sees it.
struct Refusal {
  Refusal(unsigned http_status, Error reason) : status(http_status), error(std::move(reason)) {}
  Refusal(unsigned http_status, ErrorCode code, std::string message)
      : status(http_status), error{code, std::move(message)} {}
  unsigned status;
  Error error;
};

class RequestReader {
 public:
  // All three outlive the reader. Expiry of `deadline` must cancel the socket's pending read.
  RequestReader(asio::ip::tcp::socket& socket, Deadline& deadline, const HttpLimits& limits);
  ~RequestReader();
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;

  // true, or false when the connection is over and nobody waits for an answer.
  using Outcome = std::expected<bool, Refusal>;
  // Fills method, target and headers of `request`, which must stay where it is until its body is read.
  Awaitable<Outcome> read_head(Request& request);
  // Reads the rest of the message into request.body; 413 as soon as that is over `limit` bytes.
  Awaitable<Outcome> read_body(std::uint64_t limit);
  // Takes what is buffered of the body and drops it; true when the next request can follow.
  bool skip_buffered_body();

  // What the head said; valid after read_head().
  [[nodiscard]] bool body_pending() const;
  [[nodiscard]] std::optional<std::uint64_t> content_length() const;
  [[nodiscard]] bool http_1_0() const;
  [[nodiscard]] bool keep_alive() const;

  // What came behind the request; a connection that watches its client adds to it.
  ReadBuffer& buffer() { return buffer_; }

 private:
  class Parser;
  Awaitable<boost::system::error_code> read_more(std::size_t at_most);
  // Feeds the parser what is buffered; true once the head or, `to_the_end`, the message is complete.
  Outcome parse_buffered(bool to_the_end);
  [[nodiscard]] Refusal refusal(const boost::system::error_code& error) const;

  asio::ip::tcp::socket& socket_;
  Deadline& deadline_;
  const HttpLimits& limits_;
  ReadBuffer buffer_;
  std::unique_ptr<Parser> parser_;
  std::uint64_t body_limit_ = 0;
  bool first_ = true;
};

}  // namespace am::net
