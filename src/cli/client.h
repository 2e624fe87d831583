// The HTTP API as the commands use it: a request, its JSON answer or the server's error.
#pragma once

#include <boost/json.hpp>
#include <chrono>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/error.h"
#include "cli/endpoint.h"
#include "loop/awaitable.h"

namespace am::cli {

namespace json = boost::json;

class Client {
 public:
  explicit Client(Endpoint endpoint);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // One request over a kept connection; `path` starts behind /api/v1. An answer of 400 or above becomes the
  // Error in its body; `unavailable` names the address when nobody answers.
  Awaitable<Result<net::Response>> send(std::string method, std::string path, std::string content_type,
                                        std::string body);

  // The same as send(), run to its end here, with JSON both ways. No body is sent for a null value; an empty
  // answer is null.
  Result<json::value> call(std::string method, std::string path, json::value body = nullptr);
  // Sends bytes as they are.
  Result<void> put_bytes(std::string path, std::string bytes);

  // Runs the coroutine on this client's loop until it is done.
  template <typename T>
  T wait_for(Awaitable<T> work);

  // A connection of its own, for an answer that is read piece by piece.
  [[nodiscard]] std::unique_ptr<net::HttpClient> connection();
  [[nodiscard]] std::string target(std::string_view path) const;
  [[nodiscard]] net::Headers headers() const;
  // The Error of an answer of 400 or above.
  [[nodiscard]] Error error_of(const net::Response& response) const;
  // "unavailable" with what to do about it.
  [[nodiscard]] Error unreachable(const Error& cause) const;

  [[nodiscard]] const Endpoint& endpoint() const { return endpoint_; }
  asio::io_context& loop() { return loop_; }

 private:
  Endpoint endpoint_;
  asio::io_context loop_{1};
  std::unique_ptr<net::HttpClient> http_;
};

template <typename T>
T Client::wait_for(Awaitable<T> work) {
  auto result = asio::co_spawn(loop_, std::move(work), asio::use_future);
  loop_.restart();
  while (result.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
    if (loop_.run_one() == 0) throw std::logic_error("a request waits for nothing");
  }
  return result.get();
}

// The code for its word on the wire; by the HTTP status for a word of a newer server.
ErrorCode error_code_of(std::string_view word, unsigned status);

}  // namespace am::cli
