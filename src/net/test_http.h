// For tests: a server on a free port, and a client that sends exactly the bytes it is given.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "loop/task_group.h"
#include "loop/test_loop.h"
#include "net/http_server.h"
#include "net/tcp_socket.h"

namespace am::net {

// Runs in its own event loop, which the test drives with run(); stopped by the destructor.
class TestServer {
 public:
  explicit TestServer(Router router, HttpLimits limits = {}, HttpServer::Guard guard = {}) {
    HttpServer::Options options;
    options.limits = limits;
    options.error_answer = [](unsigned status, const Error& error) {
      Response answer;
      answer.status = status;
      answer.body = error.message;
      return answer;
    };
    options.guard = std::move(guard);
    options.status_of = [](const Error&) { return 401U; };
    options.on_fault = [this](const std::string& message) { faults.push_back(message); };
    server = HttpServer::listen(loop.get_executor(), std::move(options), std::move(router)).value();
    group.spawn("server", server->run());
  }
  ~TestServer() {
    run_to_end(loop, server->stop());
    group.cancel();
    run_to_end(loop, group.drain());
  }
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  template <typename T>
  T run(Awaitable<T> work) {
    return run_to_end(loop, std::move(work));
  }

  asio::io_context loop;
  std::vector<std::string> faults;
  TaskGroup group{loop.get_executor(), nullptr};
  std::unique_ptr<HttpServer> server;
};

class RawClient {
 public:
  static Awaitable<std::unique_ptr<RawClient>> connect(std::uint16_t port) {
    auto socket = co_await connect_socket("127.0.0.1", port, std::chrono::seconds(5));
    co_return std::unique_ptr<RawClient>(new RawClient(std::move(socket.value())));
  }

  Awaitable<> send(std::string bytes) {
    co_await asio::async_write(socket, asio::buffer(bytes), asio::use_awaitable);
  }
  // Everything up to and with `mark`, or up to the end of the connection.
  Awaitable<std::string> read_until(std::string mark) {
    for (;;) {
      const auto found = received_.find(mark);
      if (found != std::string::npos) {
        auto text = received_.substr(0, found + mark.size());
        received_.erase(0, text.size());
        co_return text;
      }
      std::array<char, 4096> piece;
      const auto [error, size] = co_await socket.async_read_some(asio::buffer(piece), kNoThrow);
      if (error) co_return std::exchange(received_, {});
      received_.append(piece.data(), size);
    }
  }
  Awaitable<std::string> read_to_end() {
    auto text = co_await read_until("\r\n no server sends this \r\n");
    co_return text;
  }

  asio::ip::tcp::socket socket;

 private:
  explicit RawClient(asio::ip::tcp::socket connected) : socket(std::move(connected)) {}
  std::string received_;
};

// One connection that sends `bytes` and reads until the server closes it.
inline Awaitable<std::string> raw_exchange(std::uint16_t port, std::string bytes) {
  const auto client = co_await RawClient::connect(port);
  co_await client->send(std::move(bytes));
  auto text = co_await client->read_to_end();
  co_return text;
}

inline Route route(std::string method, std::string pattern, Handler handler) {
  Route made;
  made.method = std::move(method);
  made.pattern = std::move(pattern);
  made.handler = std::move(handler);
  return made;
}

}  // namespace am::net
