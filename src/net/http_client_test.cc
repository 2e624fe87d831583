// The client against servers that are away, slow or broken: exact bytes from a raw listener.
#include "net/http_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "net/test_http.h"

namespace am::net {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

// Plays a script: of each connection it takes one request a line and answers it with these bytes; after the
// last the connection is closed.
class ScriptedServer {
 public:
  using Script = std::deque<std::vector<std::string>>;
  ScriptedServer(asio::io_context& loop, Script script)
      : acceptor_(TcpAcceptor::listen(loop.get_executor(), "127.0.0.1", 0).value()),
        group_(loop.get_executor(), nullptr),
        loop_(loop) {
    group_.spawn("script", play(std::move(script)));
  }
  ~ScriptedServer() {
    group_.cancel();
    run_to_end(loop_, group_.drain());
  }
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;
  [[nodiscard]] std::uint16_t port() const { return acceptor_.port(); }

  std::vector<std::string> requests;

 private:
  Awaitable<> play(Script script) {
    for (auto& answers : script) {
      auto socket = co_await acceptor_.accept();
      try {
        co_await serve(*socket, answers);
      } catch (const boost::system::system_error&) {
        // The client closed the connection before the script's end, as some tests mean it to.
      }
    }
    acceptor_.close();
  }

  Awaitable<> serve(asio::ip::tcp::socket& socket, const std::vector<std::string>& answers) {
    for (const auto& answer : answers) {
      const auto request = co_await read_head(socket);
      requests.push_back(request);
      co_await asio::async_write(socket, asio::buffer(answer), asio::use_awaitable);
    }
  }

  static Awaitable<std::string> read_head(asio::ip::tcp::socket& socket) {
    std::string text;
    std::array<char, 4096> piece;
    while (!text.contains("\r\n\r\n")) {
      const auto size = co_await socket.async_read_some(asio::buffer(piece), asio::use_awaitable);
      text.append(piece.data(), size);
    }
    co_return text.substr(0, text.find("\r\n"));
  }

  TcpAcceptor acceptor_;
  TaskGroup group_;
  asio::io_context& loop_;
};

struct HttpClientTest : ::testing::Test {
  Result<Response> fetch(HttpClient& client, std::string method = "GET", std::string target = "/") {
    return run_to_end(loop, client.fetch(std::move(method), std::move(target), Headers(), std::string()));
  }
  HttpClient client_of(const ScriptedServer& server) {
    return HttpClient(loop.get_executor(), "127.0.0.1", server.port());
  }
  asio::io_context loop;
};

constexpr auto kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

TEST_F(HttpClientTest, ReconnectsWhenAKeptConnectionWasClosed) {
  ScriptedServer server(loop, {{kOk}, {kOk, kOk}});
  auto client = client_of(server);
  for (const auto* target : {"/1", "/2", "/3"}) {
    const auto answer = fetch(client, "POST", target);
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->body, "ok");
    loop.restart();
    loop.poll();  // the server's close arrives
  }
  EXPECT_EQ(server.requests.size(), 3U);
}

TEST_F(HttpClientTest, RepeatsOnlyWhatMayBeRepeated) {
  // The second request is taken and the connection closed without an answer.
  ScriptedServer server(loop, {{kOk, ""}, {kOk, ""}});
  auto client = client_of(server);
  EXPECT_TRUE(fetch(client));
  EXPECT_TRUE(fetch(client));
  const auto answer = fetch(client, "POST", "/start");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::unavailable);
  EXPECT_THAT(server.requests, ::testing::ElementsAre("GET / HTTP/1.1", "GET / HTTP/1.1", "GET / HTTP/1.1",
                                                      "POST /start HTTP/1.1"));
}

TEST_F(HttpClientTest, ABrokenAnswerIsUnavailable) {
  for (const auto* bytes :
       {"", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", "nonsense\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n"}) {
    ScriptedServer server(loop, {{bytes}});
    auto client = client_of(server);
    const auto answer = fetch(client);
    ASSERT_FALSE(answer) << bytes;
    EXPECT_EQ(answer.error().code, ErrorCode::unavailable);
    EXPECT_THAT(answer.error().message, HasSubstr("127.0.0.1:" + std::to_string(server.port())));
  }
}

TEST_F(HttpClientTest, NobodyListens) {
  std::uint16_t port = 0;
  {
    const auto acceptor = TcpAcceptor::listen(loop.get_executor(), "127.0.0.1", 0).value();
    port = acceptor.port();
  }
  HttpClient client(loop.get_executor(), "127.0.0.1", port);
  const auto answer = fetch(client);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::unavailable);
  EXPECT_THAT(answer.error().message, HasSubstr("Connection refused"));
}

TEST_F(HttpClientTest, AnErrorStatusIsAnAnswer) {
  ScriptedServer server(loop, {{"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone"}});
  auto client = client_of(server);
  const auto answer = fetch(client);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 404U);
  EXPECT_EQ(answer->body, "none");
}

TEST_F(HttpClientTest, PassesInterimAnswersOverAndReadsToTheEndOfTheConnection) {
  ScriptedServer server(loop, {{"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nX: 1\r\n\r\nall of it"}});
  auto client = client_of(server);
  const auto answer = fetch(client);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->body, "all of it");
  EXPECT_EQ(answer->headers.find("x"), "1");
}

TEST_F(HttpClientTest, TheDeadlineAndTheBodyLimitHold) {
  ScriptedServer server(loop, {{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", ""}, {kOk}});
  auto client = client_of(server);
  const auto late = run_to_end(loop, client.fetch("GET", "/", Headers(), std::string(), 1000, 1s));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::unavailable);
  EXPECT_THAT(late.error().message, HasSubstr("within 1 s"));
  const auto large = run_to_end(loop, client.fetch("GET", "/", Headers(), std::string(), 1));
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, ErrorCode::too_large);
}

TEST_F(HttpClientTest, AHalfReadAnswerDoesNotMixWithTheNext) {
  ScriptedServer server(loop, {{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nfirst", ""}, {kOk}});
  auto client = client_of(server);
  const auto head = run_to_end(loop, client.open("GET", "/a", Headers(), std::string()));
  ASSERT_TRUE(head);
  EXPECT_EQ(run_to_end(loop, client.read_some()).value(), "first");
  const auto next = fetch(client);
  ASSERT_TRUE(next) << next.error().message;
  EXPECT_EQ(next->body, "ok");
}

TEST_F(HttpClientTest, RefusesATargetThatWouldSplitTheRequest) {
  ScriptedServer server(loop, {});
  auto client = client_of(server);
  EXPECT_THROW(fetch(client, "GET", "/a b"), std::invalid_argument);
  EXPECT_THROW(fetch(client, "GET", "/a\r\nX: 1"), std::invalid_argument);
}

}  // namespace
}  // namespace am::net
