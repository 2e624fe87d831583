// One HTTP/1.1 client connection, for the manager's reads from hypervisors and for the command line.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "net/http.h"

namespace am::net {

struct Url {
  std::string host;
  std::uint16_t port = 80;
  std::string path_prefix;  // without the trailing "/", may be empty
};
// "http://127.0.0.1:8080/prefix"; invalid_argument with the text for anything that is not such an address.
Result<Url> parse_url(std::string_view text);

// Single-threaded, one request at a time. Reconnects for a new request after the server closed a kept
// connection.
class HttpClient {
 public:
  HttpClient(asio::any_io_executor executor, std::string host, std::uint16_t port,
             std::chrono::seconds connect_deadline = std::chrono::seconds(5));
  ~HttpClient();

  // Sends the request and reads the whole answer. `unavailable` when the server cannot be reached or goes.
  Awaitable<Result<Response>> fetch(std::string method, std::string target, Headers headers, std::string body,
                                    std::uint64_t body_limit = 256ULL << 20,
                                    std::chrono::seconds deadline = std::chrono::seconds(60));

  // Sends the request and reads the head only; read_some() then gives the body piece by piece as it arrives.
  Awaitable<Result<Response>> open(std::string method, std::string target, Headers headers, std::string body);
  // The next bytes of the body (chunking removed), empty at its end; `unavailable` when the connection broke.
  Awaitable<Result<std::string>> read_some();
  // Whether the last answer was read whole, and the next request can go over the same connection.
  [[nodiscard]] bool reusable() const;
  // Drops the connection.
  void close();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace am::net
