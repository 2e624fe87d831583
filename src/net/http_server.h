// An HTTP/1.1 server on one port: keep-alive, limits and deadlines, streamed answers.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "base/unique_fd.h"
#include "loop/task_group.h"
#include "net/router.h"

namespace am::net {

// Every bound of a connection, with its reason.
struct HttpLimits {
  std::chrono::seconds header_deadline{10};  // slow-loris: headers complete within this
  std::chrono::seconds idle_deadline{75};    // keep-alive without a request
  std::chrono::seconds body_deadline{60};    // between two pieces of a body
  std::size_t header_bytes = 16 * 1024;      // 431 above
  std::size_t connections = 4096;            // 503 and close above
};

class HttpServer {
 public:
  // Called instead of the route's handler for what no handler saw (404, 405, 413, 431, 400, 500 after an
  // exception): turns an Error into an answer in the server's own error format.
  using ErrorAnswer = std::function<Response(unsigned status, const Error& error)>;
  // Runs before every route's handler; an error stops the request with that answer.
  using Guard = std::function<Result<void>(const Route&, Request&)>;
  struct Options {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;  // 0: the kernel picks one, see port()
    HttpLimits limits;
    ErrorAnswer error_answer;                         // required
    Guard guard;                                      // may be empty
    std::function<unsigned(const Error&)> status_of;  // the status of a guard's error; required with a guard
    std::function<void(const std::string& message)> on_fault;  // an exception left a handler
  };

  // Binds at once: an address in use is an error that names host and port.
  static Result<std::unique_ptr<HttpServer>> listen(asio::any_io_executor executor, Options options,
                                                    Router router);
  ~HttpServer();

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::size_t connections() const;
  // Accepts until stop(); run it in the caller's group.
  Awaitable<> run();
  // The same on one more socket that listens, until cancelled; its connections end with stop().
  Awaitable<> accept_from(UniqueFd listening);
  // Closes the listener, cancels the connections and returns when the last has gone.
  Awaitable<> stop();

 private:
  class Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace am::net
