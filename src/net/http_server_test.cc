// The server as a well-behaved client sees it.
#include "net/http_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/http_client.h"
#include "net/test_http.h"

namespace am::net {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

Awaitable<> echo(Request& request, Responder& responder) {
  Response answer;
  answer.headers.set("X-Path", request.path);
  answer.body = request.method + " " + request.body;
  co_await responder.respond(std::move(answer));
}

Awaitable<> count_up(Request&, Responder& responder) {
  co_await responder.start(200, {});
  for (const auto* piece : {"one ", "two ", "three"}) co_await responder.write(piece);
}

Router test_router() {
  Router router;
  router.add(route("GET", "/echo", echo));
  router.add(route("POST", "/echo", echo));
  router.add(route("PUT", "/files/{path...}", [](Request& request, Responder& responder) -> Awaitable<> {
    Response answer;
    answer.status = 201;
    answer.body = request.params["path"] + "=" + std::to_string(request.body.size());
    co_await responder.respond(std::move(answer));
  }));
  router.add(route("GET", "/count", count_up));
  router.add(route("GET", "/sized", [](Request&, Responder& responder) -> Awaitable<> {
    Headers headers;
    headers.set("Content-Length", "6");
    co_await responder.start(200, std::move(headers));
    co_await responder.write("abc");
    co_await responder.write("def");
  }));
  router.add(route("GET", "/nothing", [](Request&, Responder& responder) -> Awaitable<> {
    Response answer;
    answer.status = 204;
    co_await responder.respond(std::move(answer));
  }));
  router.add(route("GET", "/throws", [](Request&, Responder&) -> Awaitable<> {
    throw std::runtime_error("the password is 1234");
    co_return;
  }));
  router.add(route("GET", "/silent", [](Request&, Responder&) -> Awaitable<> { co_return; }));
  router.add(route("GET", "/half", [](Request&, Responder& responder) -> Awaitable<> {
    co_await responder.start(200, {});
    co_await responder.write("half");
    throw std::runtime_error("broken in the middle");
  }));
  router.add(route("GET", "/split", [](Request&, Responder& responder) -> Awaitable<> {
    Response answer;
    answer.headers.set("X-Name", "a\r\nX-Evil: 1");
    co_await responder.respond(std::move(answer));
  }));
  return router;
}

// The answer to one request over a client that is kept for the test.
struct Fixture : ::testing::Test {
  Response fetch(std::string method, std::string target, std::string body = {}, Headers headers = {}) {
    auto answer =
        server.run(client.fetch(std::move(method), std::move(target), std::move(headers), std::move(body)));
    if (!answer) throw std::runtime_error(answer.error().message);
    return *answer;
  }

  TestServer server{test_router()};
  HttpClient client{server.loop.get_executor(), "127.0.0.1", server.server->port()};
};

using HttpServerTest = Fixture;

TEST_F(HttpServerTest, AnswersAndKeepsTheConnection) {
  for (int i = 0; i < 3; ++i) {
    const auto answer = fetch("GET", "/echo?x=1");
    EXPECT_EQ(answer.status, 200U);
    EXPECT_EQ(answer.body, "GET ");
    EXPECT_EQ(answer.headers.find("x-path"), "/echo");
    EXPECT_TRUE(answer.headers.find("Date"));
  }
  EXPECT_EQ(server.server->connections(), 1U);
}

TEST_F(HttpServerTest, TakesBodiesAlsoWithGet) {
  EXPECT_EQ(fetch("POST", "/echo", "text").body, "POST text");
  EXPECT_EQ(fetch("GET", "/echo", "text").body, "GET text");
  EXPECT_EQ(fetch("POST", "/echo").body, "POST ");
  EXPECT_EQ(fetch("PUT", "/files/a/b.bin", std::string(1 << 20, 'x')).body, "a/b.bin=1048576");
  EXPECT_EQ(server.server->connections(), 1U);
}

TEST_F(HttpServerTest, StreamsAndKeepsTheConnection) {
  EXPECT_EQ(fetch("GET", "/count").body, "one two three");
  EXPECT_EQ(fetch("GET", "/sized").body, "abcdef");
  EXPECT_EQ(fetch("GET", "/nothing").status, 204U);
  EXPECT_EQ(fetch("GET", "/count").body, "one two three");
  EXPECT_EQ(server.server->connections(), 1U);
}

TEST_F(HttpServerTest, AnswersHeadForGetWithoutABody) {
  const auto plain = fetch("HEAD", "/echo");
  EXPECT_EQ(plain.status, 200U);
  EXPECT_EQ(plain.headers.find("Content-Length"), "5");
  EXPECT_EQ(plain.body, "");
  const auto streamed = fetch("HEAD", "/count");
  EXPECT_EQ(streamed.status, 200U);
  EXPECT_EQ(streamed.body, "");
  EXPECT_EQ(fetch("GET", "/echo").body, "GET ");
  EXPECT_EQ(server.server->connections(), 1U);
  EXPECT_TRUE(server.faults.empty());
}

TEST_F(HttpServerTest, UnknownPathsAndMethods) {
  EXPECT_EQ(fetch("GET", "/none").status, 404U);
  const auto wrong = fetch("DELETE", "/echo");
  EXPECT_EQ(wrong.status, 405U);
  EXPECT_EQ(wrong.headers.find("Allow"), "GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(fetch("BREW", "/echo", "small").status, 405U);
  const auto options = fetch("OPTIONS", "/echo");
  EXPECT_EQ(options.status, 204U);
  EXPECT_EQ(options.headers.find("Allow"), "GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(fetch("OPTIONS", "*").status, 204U);
  EXPECT_EQ(fetch("OPTIONS", "/none").status, 404U);
  EXPECT_EQ(fetch("GET", "/files/%zz").status, 405U);
  EXPECT_EQ(fetch("PUT", "/files/%zz").status, 400U);
  EXPECT_EQ(fetch("GET", "/echo?x=%zz").status, 400U);
  EXPECT_EQ(server.server->connections(), 1U);
}

TEST_F(HttpServerTest, AnExceptionIsA500WithoutDetail) {
  const auto answer = fetch("GET", "/throws");
  EXPECT_EQ(answer.status, 500U);
  EXPECT_THAT(answer.body, Not(HasSubstr("1234")));
  EXPECT_EQ(fetch("GET", "/silent").status, 500U);
  EXPECT_EQ(fetch("GET", "/split").status, 500U);
  EXPECT_THAT(server.faults, ElementsAre("GET /throws: the password is 1234", HasSubstr("without an answer"),
                                         HasSubstr("X-Name")));
}

TEST_F(HttpServerTest, AFaultInAStreamedAnswerCutsItOff) {
  const auto answer = server.run(client.fetch("GET", "/half", {}, {}));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::unavailable);
  EXPECT_THAT(server.faults, ElementsAre("GET /half: broken in the middle"));
}

TEST_F(HttpServerTest, AStreamIsReadPieceByPiece) {
  auto head = server.run(client.open("GET", "/count", {}, {}));
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 200U);
  std::string all;
  for (;;) {
    const auto piece = server.run(client.read_some()).value();
    if (piece.empty()) break;
    all += piece;
  }
  EXPECT_EQ(all, "one two three");
  EXPECT_EQ(fetch("GET", "/echo").body, "GET ");
  EXPECT_EQ(server.server->connections(), 1U);
}

TEST(HttpServer, TheGuardStopsARequestBeforeItsBodyIsRead) {
  TestServer server(test_router(), {}, [](const Route& to, Request& request) -> Result<void> {
    if (to.pattern == "/echo" && request.headers.find("Authorization") == std::nullopt) {
      return fail(ErrorCode::unauthenticated, "no token");
    }
    return {};
  });
  auto check = [](std::uint16_t port) -> Awaitable<> {
    const auto client = co_await RawClient::connect(port);
    // Of the announced body nothing is ever sent.
    co_await client->send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n");
    const auto answer = co_await client->read_until("no token");
    EXPECT_THAT(answer, HasSubstr("HTTP/1.1 401 Unauthorized\r\n"));
    EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
    EXPECT_THAT(answer, Not(HasSubstr("100 Continue")));
  };
  server.run(check(server.server->port()));
}

TEST(HttpServer, AFaultInTheGuardIsA500) {
  TestServer server(test_router(), {}, [](const Route&, Request&) -> Result<void> {
    throw std::runtime_error("database is locked");
  });
  HttpClient client(server.loop.get_executor(), "127.0.0.1", server.server->port());
  const auto answer = server.run(client.fetch("GET", "/echo", Headers(), std::string())).value();
  EXPECT_EQ(answer.status, 500U);
  EXPECT_THAT(answer.body, Not(HasSubstr("database")));
  EXPECT_THAT(server.faults, ElementsAre("GET /echo: database is locked"));
}

TEST(HttpServer, ListeningTwiceOnAPortNamesTheAddress) {
  asio::io_context loop;
  HttpServer::Options options;
  const auto first = HttpServer::listen(loop.get_executor(), options, {}).value();
  options.port = first->port();
  const auto second = HttpServer::listen(loop.get_executor(), options, {});
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, HasSubstr("127.0.0.1:" + std::to_string(first->port())));
  EXPECT_THAT(second.error().message, HasSubstr("EADDRINUSE"));
}

TEST(HttpServer, StopEndsWaitingHandlersAndIdleConnections) {
  bool cancelled = false;
  Router router = test_router();
  router.add(route("GET", "/wait", [&](Request&, Responder&) -> Awaitable<> {
    try {
      const auto executor = co_await asio::this_coro::executor;
      asio::steady_timer timer(executor, asio::steady_timer::time_point::max());
      co_await timer.async_wait(asio::use_awaitable);
    } catch (...) {
      cancelled = true;
      throw;
    }
  }));
  TestServer server(std::move(router));
  const auto port = server.server->port();
  const auto idle = server.run(RawClient::connect(port));
  const auto waiting = server.run(RawClient::connect(port));
  server.run(waiting->send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n"));
  while (server.server->connections() < 2) server.loop.run_one();
  server.loop.poll();
  server.run(server.server->stop());
  EXPECT_TRUE(cancelled);
  EXPECT_EQ(server.server->connections(), 0U);
  EXPECT_EQ(server.run(waiting->read_to_end()), "");
  EXPECT_EQ(server.run(idle->read_to_end()), "");
  EXPECT_TRUE(server.faults.empty());
}

}  // namespace
}  // namespace am::net
