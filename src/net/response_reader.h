// Reads answers on a client's connection: the head, then the body piece by piece.
#pragma once

#include <memory>

#include "net/http.h"
#include "net/read_buffer.h"

namespace am::net {

class ResponseReader {
 public:
  explicit ResponseReader(asio::ip::tcp::socket& socket);
  ~ResponseReader();
  ResponseReader(const ResponseReader&) = delete;
  ResponseReader& operator=(const ResponseReader&) = delete;

  // Forgets the last answer: until read_head() has returned, the connection is in the middle of an exchange.
  void begin();
  // Fills status and headers; interim answers (100 Continue) are passed over.
  Awaitable<boost::system::error_code> read_head(Response& answer, bool to_head);
  // Appends at least one byte to `into`, or nothing at the end of the body.
  Awaitable<boost::system::error_code> read_some(std::string& into);

  // Whether any byte of the current answer came.
  [[nodiscard]] bool any() const;
  [[nodiscard]] bool done() const;
  // Whether the last answer is read whole and the server takes another request on this connection.
  [[nodiscard]] bool keep_alive() const;

 private:
  class Parser;
  Awaitable<boost::system::error_code> read_more();
  boost::system::error_code parse();

  asio::ip::tcp::socket& socket_;
  ReadBuffer buffer_;
  std::unique_ptr<Parser> parser_;
  bool any_ = false;
};

}  // namespace am::net
