// The server against clients that are broken, hostile, or in a hurry: exact bytes over raw sockets.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <fcntl.h>

#include "net/http_server.h"
#include "net/test_http.h"

namespace am::net {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr auto kHost = "Host: h\r\n";

// What a handler of the test is doing, seen from outside.
struct Handling {
  int started = 0;
  int cancelled = 0;
  std::uint64_t written = 0;
};

Router test_router(Handling& handling) {
  Router router;
  router.add(route("POST", "/echo", [](Request& request, Responder& responder) -> Awaitable<> {
    Response answer;
    answer.body = "[" + request.body + "]";
    co_await responder.respond(std::move(answer));
  }));
  router.add(route("GET", "/id/{id}", [](Request& request, Responder& responder) -> Awaitable<> {
    Response answer;
    answer.body = "<" + request.params["id"] + ">";
    co_await responder.respond(std::move(answer));
  }));
  // Answers only after another turn of the loop.
  router.add(route("GET", "/later/{id}", [](Request& request, Responder& responder) -> Awaitable<> {
    const auto executor = co_await asio::this_coro::executor;
    for (int turn = 0; turn < 20; ++turn) co_await asio::post(executor, asio::use_awaitable);
    Response answer;
    answer.body = "<" + request.params["id"] + ">";
    co_await responder.respond(std::move(answer));
  }));
  router.add(route("GET", "/wait", [&handling](Request& request, Responder& responder) -> Awaitable<> {
    ++handling.started;
    try {
      if (request.query.contains("head")) co_await responder.start(200, Headers());
      const auto executor = co_await asio::this_coro::executor;
      asio::steady_timer never(executor, asio::steady_timer::time_point::max());
      co_await never.async_wait(asio::use_awaitable);
    } catch (const boost::system::system_error&) {
      ++handling.cancelled;
      throw;
    }
  }));
  router.add(route("GET", "/flood", [&handling](Request&, Responder& responder) -> Awaitable<> {
    ++handling.started;
    const std::string piece(64 * 1024, 'x');
    try {
      co_await responder.start(200, Headers());
      for (;;) {
        co_await responder.write(piece);
        handling.written += piece.size();
      }
    } catch (const boost::system::system_error&) {
      ++handling.cancelled;
      throw;
    }
  }));
  return router;
}

struct RawHttp : ::testing::Test {
  std::string exchange(std::string bytes) { return server.run(raw_exchange(port(), std::move(bytes))); }
  std::unique_ptr<RawClient> connect() { return server.run(RawClient::connect(port())); }
  [[nodiscard]] std::uint16_t port() const { return server.server->port(); }
  template <typename Condition>
  void run_until(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + kTestDeadline;
    while (!condition()) ASSERT_GT(server.loop.run_one_until(deadline), 0U);
  }

  static HttpLimits short_limits() {
    HttpLimits limits;
    limits.header_deadline = 1s;
    limits.header_bytes = 4096;
    limits.connections = 8;
    return limits;
  }

  Handling handling;
  TestServer server{test_router(handling), short_limits()};
};

TEST_F(RawHttp, AmbiguousFramingIsRefused) {
  EXPECT_THAT(exchange(std::string("POST /echo HTTP/1.1\r\n") + kHost +
                       "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc"),
              StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(exchange(std::string("POST /echo HTTP/1.1\r\n") + kHost +
                       "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc"),
              StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(exchange(std::string("POST /echo HTTP/1.1\r\n") + kHost +
                       "Transfer-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"),
              StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(exchange(std::string("POST /echo HTTP/1.1\r\n") + kHost +
                       "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc"),
              StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(exchange(std::string("POST /echo HTTP/1.1\r\n") + kHost + "Content-Length: -1\r\n\r\n"),
              StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(
      exchange(std::string("POST /echo HTTP/1.1\r\n") + kHost + "Transfer-Encoding: gzip, chunked\r\n\r\n"),
      StartsWith("HTTP/1.1 501 "));
  EXPECT_THAT(exchange("POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
              StartsWith("HTTP/1.1 400 "));
}

TEST_F(RawHttp, MalformedRequestsAreRefused) {
  for (const auto* bytes :
       {"nonsense\r\n\r\n", "GET /id/1\r\n\r\n", "GET /id/1 HTTP/3.0\r\nHost: h\r\n\r\n",
        "GET /id/1 HTTP/1.1\r\n\r\n", "GET /id/1 HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET /id/1 HTTP/1.1\r\nHost: h\r\nbad header: x\r\n\r\n", "GET id HTTP/1.1\r\nHost: h\r\n\r\n",
        "CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\nrest",
        "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
    auto client = connect();
    server.run(client->send(bytes));
    EXPECT_THAT(server.run(client->read_until("\r\n\r\n")), StartsWith("HTTP/1.1 400 ")) << bytes;
  }
  EXPECT_THAT(server.faults, IsEmpty());
}

TEST_F(RawHttp, SlowHeadersRunIntoTheDeadline) {
  const auto silent = connect();
  const auto slow = connect();
  server.run(slow->send("GET /id/1 HTTP/1.1\r\nHo"));
  EXPECT_THAT(server.run(slow->read_to_end()), StartsWith("HTTP/1.1 408 "));
  EXPECT_EQ(server.run(silent->read_to_end()), "");
  run_until([&] { return server.server->connections() == 0; });
}

TEST_F(RawHttp, TooLargeHeadersAreRefused) {
  const std::string start = std::string("GET /id/1 HTTP/1.1\r\n") + kHost;
  EXPECT_THAT(exchange(start + "X: " + std::string(5000, 'x') + "\r\n\r\n"), StartsWith("HTTP/1.1 431 "));
  std::string many;
  while (many.size() < 5000) many += "X: 1\r\n";
  EXPECT_THAT(exchange(start + many), StartsWith("HTTP/1.1 431 "));
}

TEST_F(RawHttp, HeadersThatComeLineByLineCountTogether) {
  auto drip = [](std::uint16_t to) -> Awaitable<std::string> {
    const auto client = co_await RawClient::connect(to);
    const auto executor = co_await asio::this_coro::executor;
    co_await client->send("GET /id/1 HTTP/1.1\r\nHost: h\r\n");
    for (int line = 0; line < 1000; ++line) {
      const auto [error, size] =
          co_await asio::async_write(client->socket, asio::buffer("X-Line: 12345\r\n", 15), kNoThrow);
      if (error) break;
      for (int turn = 0; turn < 3; ++turn) co_await asio::post(executor, asio::use_awaitable);
    }
    auto text = co_await client->read_to_end();
    co_return text;
  };
  EXPECT_THAT(server.run(drip(port())), StartsWith("HTTP/1.1 431 "));
}

TEST_F(RawHttp, PipelinedRequestsAreAnsweredInOrder) {
  std::string requests;
  std::string expected;
  for (int i = 0; i < 50; ++i) {
    requests += fmt::format("GET /{}/{} HTTP/1.1\r\nHost: h\r\n\r\n", i % 3 == 0 ? "later" : "id", i);
    expected += fmt::format("<{}>", i);
  }
  requests += "POST /echo HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc";
  const auto answers = exchange(requests);
  std::string bodies;
  for (std::size_t at = 0; (at = answers.find('<', at)) != std::string::npos; ++at) {
    bodies += answers.substr(at, answers.find('>', at) - at + 1);
  }
  EXPECT_EQ(bodies, expected);
  EXPECT_TRUE(answers.ends_with("[abc]"));
}

TEST_F(RawHttp, ChunkedBodiesAreJoinedAndBounded) {
  const std::string start = std::string("POST /echo HTTP/1.1\r\n") + kHost +
                            "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_TRUE(
      exchange(start + "3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nTrailer: 1\r\n\r\n").ends_with("[abcdefg]"));
  // One chunk over the limit is refused by its size alone, many when their sum is over it.
  const auto client = connect();
  server.run(client->send(start + "7fffffff\r\n"));
  EXPECT_THAT(server.run(client->read_to_end()), StartsWith("HTTP/1.1 413 "));
  std::string many;
  for (int i = 0; i < 20; ++i) many += "10000\r\n" + std::string(0x10000, 'x') + "\r\n";
  EXPECT_THAT(exchange(start + many), StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(exchange(start + "1;" + std::string(70000, 'x')), StartsWith("HTTP/1.1 400 "));
}

TEST_F(RawHttp, ABodyOverTheLimitIsRefusedBeforeItComes) {
  const auto client = connect();
  server.run(
      client->send(std::string("POST /echo HTTP/1.1\r\n") + kHost + "Content-Length: 1048577\r\n\r\n"));
  EXPECT_THAT(server.run(client->read_to_end()), StartsWith("HTTP/1.1 413 "));
}

TEST_F(RawHttp, ExpectContinueIsAnsweredBeforeTheBody) {
  const auto client = connect();
  const std::string start = std::string("POST /echo HTTP/1.1\r\n") + kHost + "Expect: 100-continue\r\n";
  server.run(client->send(start + "Content-Length: 3\r\n\r\n"));
  EXPECT_EQ(server.run(client->read_until("\r\n\r\n")), "HTTP/1.1 100 Continue\r\n\r\n");
  server.run(client->send("abc"));
  EXPECT_THAT(server.run(client->read_until("[abc]")), StartsWith("HTTP/1.1 200 "));
  // Too large: the refusal comes instead of the invitation.
  server.run(client->send(start + "Content-Length: 99999999\r\n\r\n"));
  EXPECT_THAT(server.run(client->read_to_end()), StartsWith("HTTP/1.1 413 "));
}

TEST_F(RawHttp, OldClientsGetTheEndOfTheConnection) {
  EXPECT_THAT(exchange("GET /id/7 HTTP/1.0\r\n\r\n"), HasSubstr("Connection: close\r\n\r\n<7>"));
  const auto client = connect();
  server.run(client->send("GET /wait?head=1 HTTP/1.0\r\n\r\n"));
  const auto head = server.run(client->read_until("\r\n\r\n"));
  EXPECT_THAT(head, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(head, Not(HasSubstr("chunked")));
}

TEST_F(RawHttp, TheHeadOfAStreamComesBeforeItsFirstByte) {
  const auto client = connect();
  server.run(client->send(std::string("GET /wait?head=1 HTTP/1.1\r\n") + kHost + "\r\n"));
  EXPECT_THAT(server.run(client->read_until("\r\n\r\n")), HasSubstr("Transfer-Encoding: chunked\r\n"));
}

TEST_F(RawHttp, AClientThatGoesCancelsAHandlerThatWaits) {
  for (const bool reset : {false, true}) {
    auto client = connect();
    handling = {};
    server.run(client->send(std::string("GET /wait HTTP/1.1\r\n") + kHost + "\r\n"));
    run_until([&] { return handling.started == 1; });
    if (reset) client->socket.set_option(asio::socket_base::linger(true, 0));
    client.reset();
    run_until([&] { return handling.cancelled == 1; });
    run_until([&] { return server.server->connections() == 0; });
  }
  EXPECT_THAT(server.faults, IsEmpty());
}

TEST_F(RawHttp, AClientThatPipelinesAndGoesCancelsTheHandlerToo) {
  auto client = connect();
  server.run(client->send(std::string("GET /wait HTTP/1.1\r\n") + kHost + "\r\nGET /id/1 HTTP/1.1\r\n"));
  run_until([&] { return handling.started == 1; });
  client.reset();
  run_until([&] { return handling.cancelled == 1; });
}

TEST_F(RawHttp, AClientThatGoesDuringAStreamCancelsTheHandler) {
  auto client = connect();
  server.run(client->send(std::string("GET /flood HTTP/1.1\r\n") + kHost + "\r\n"));
  server.run(client->read_until("xxxx"));
  client.reset();
  run_until([&] { return handling.cancelled == 1; });
  EXPECT_THAT(server.faults, IsEmpty());
}

TEST_F(RawHttp, AStalledReaderBlocksNobodyElse) {
  const auto stalled = connect();
  server.run(stalled->send(std::string("GET /flood HTTP/1.1\r\n") + kHost + "\r\n"));
  run_until([&] { return handling.started == 1; });
  // The flood stops when the kernel's buffers are full; the other clients are served all the time.
  std::uint64_t before = 0;
  do {
    before = handling.written;
    EXPECT_THAT(exchange("GET /id/1 HTTP/1.0\r\n\r\n"), HasSubstr("<1>"));
  } while (handling.written != before);
  EXPECT_LT(handling.written, 64U << 20U);
  EXPECT_EQ(handling.cancelled, 0);
}

TEST_F(RawHttp, ConnectionsOverTheLimitAreTurnedAway) {
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 8; ++i) clients.push_back(connect());
  run_until([&] { return server.server->connections() == 8; });
  const auto extra = connect();
  EXPECT_THAT(server.run(extra->read_to_end()), StartsWith("HTTP/1.1 503 "));
  clients.pop_back();
  run_until([&] { return server.server->connections() < 8; });
  EXPECT_THAT(exchange("GET /id/1 HTTP/1.0\r\n\r\n"), HasSubstr("<1>"));
}

TEST_F(RawHttp, OutOfDescriptorsIsWaitedOut) {
  const auto client = connect();
  run_until([&] { return server.server->connections() == 1; });
  asio::ip::tcp::socket second(server.loop, asio::ip::tcp::v4());
  rlimit old{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &old), 0);
  const int next = ::fcntl(second.native_handle(), F_DUPFD_CLOEXEC, 0);
  UniqueFd probe(next);
  probe.reset();
  const rlimit none{static_cast<rlim_t>(next), old.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  server.run(second.async_connect(asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), port()),
                                  asio::use_awaitable));
  server.run(client->send(std::string("GET /id/1 HTTP/1.1\r\n") + kHost + "\r\n"));
  EXPECT_THAT(server.run(client->read_until("<1>")), StartsWith("HTTP/1.1 200 "));
  EXPECT_EQ(server.server->connections(), 1U);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &old), 0);
  run_until([&] { return server.server->connections() == 2; });
}

}  // namespace
}  // namespace am::net
