#include "net/web_socket.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/test_http.h"

namespace am::net {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* kHandshake =
    "GET /echo HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

// Sends back what it gets, piece by piece; closes with the other side's code.
Awaitable<> echo(Request& request, Responder& responder) {
  const auto socket = co_await responder.upgrade(request);
  if (!socket) co_return;
  std::vector<char> buffer(64 * 1024);
  for (;;) {
    const auto piece = co_await socket->read(buffer);
    if (!piece) break;
    const bool written = co_await socket->write(piece->kind, {buffer.data(), piece->size});
    if (!written) break;
  }
}

Awaitable<> close_at_once(Request& request, Responder& responder) {
  const auto socket = co_await responder.upgrade(request);
  CloseReason reason{4321, "enough"};
  if (socket) co_await socket->close(std::move(reason));
}

Router test_router() {
  Router router;
  router.add(route("GET", "/echo", echo));
  router.add(route("GET", "/close", close_at_once));
  router.add(route("GET", "/gone", [](Request&, Responder& responder) -> Awaitable<> {
    Response answer;
    answer.status = 410;
    co_await responder.respond(std::move(answer));
  }));
  return router;
}

Awaitable<std::unique_ptr<WebSocket>> connect_to(std::uint16_t port, std::string target) {
  auto socket = co_await connect_web_socket("127.0.0.1", port, std::move(target), Headers());
  co_return std::move(socket.value());
}

struct Message {
  bool text = false;
  std::string bytes;
  bool operator==(const Message&) const = default;
};

Awaitable<std::optional<Message>> read_message(WebSocket& socket) {
  Message message;
  std::vector<char> buffer(10'000);
  for (;;) {
    const auto piece = co_await socket.read(buffer);
    if (!piece) co_return std::nullopt;
    message.text = piece->kind.text;
    message.bytes.append(buffer.data(), piece->size);
    if (piece->kind.last) co_return message;
  }
}

TEST(WebSocket, CarriesMessagesOfAllSizesWithTheirKind) {
  TestServer server(test_router());
  server.run([](std::uint16_t port) -> Awaitable<> {
    const auto socket = co_await connect_to(port, "/echo");
    const std::vector<Message> messages{
        {true, ""}, {false, ""}, {false, "x"}, {true, "h\xc3\xa9llo"}, {false, std::string(300'000, 'a')}};
    for (const Message& message : messages) {
      const PieceKind kind{.text = message.text, .last = true};
      EXPECT_TRUE(co_await socket->write(kind, message.bytes));
      const auto back = co_await read_message(*socket);
      EXPECT_EQ(back, message);
    }
  }(server.server->port()));
}

TEST(WebSocket, JoinsFragments) {
  TestServer server(test_router());
  server.run([](std::uint16_t port) -> Awaitable<> {
    const auto socket = co_await connect_to(port, "/echo");
    for (const auto& [bytes, last] :
         {std::pair("one ", false), std::pair("two", false), std::pair("", true)}) {
      const PieceKind kind{.text = true, .last = last};
      EXPECT_TRUE(co_await socket->write(kind, bytes));
    }
    const auto back = co_await read_message(*socket);
    const Message expected{true, "one two"};
    EXPECT_EQ(back, expected);
  }(server.server->port()));
}

TEST(WebSocket, TellsTheCodeOfAClose) {
  TestServer server(test_router());
  server.run([](std::uint16_t port) -> Awaitable<> {
    const auto socket = co_await connect_to(port, "/close");
    const auto message = co_await read_message(*socket);
    EXPECT_FALSE(message.has_value());
    EXPECT_EQ(socket->close_reason().code, 4321);
    EXPECT_EQ(socket->close_reason().text, "enough");
  }(server.server->port()));
}

TEST(WebSocket, ATooLargeMessageIsClosedWith1009) {
  TestServer server(test_router());
  server.run([](std::uint16_t port) -> Awaitable<> {
    const auto socket = co_await connect_to(port, "/echo");
    // In one piece: its header says the size, and nothing more is read.
    const std::string large(kMessageLimit + 1, 'a');
    const PieceKind kind{.text = false, .last = true};
    static_cast<void>(co_await socket->write(kind, large));
    const auto message = co_await read_message(*socket);
    EXPECT_FALSE(message.has_value());
  }(server.server->port()));
}

TEST(WebSocket, ATextThatEndsInsideACharacterIsClosedWith1007) {
  TestServer server(test_router());
  server.run([](std::uint16_t port) -> Awaitable<> {
    const auto socket = co_await connect_to(port, "/echo");
    const PieceKind more{.text = true, .last = false};
    const PieceKind end{.text = true, .last = true};
    EXPECT_TRUE(co_await socket->write(more, "h\xc3"));
    EXPECT_TRUE(co_await socket->write(end, ""));
    const auto message = co_await read_message(*socket);
    EXPECT_FALSE(message.has_value());
    EXPECT_EQ(socket->close_reason().code, close_code::bad_text);
  }(server.server->port()));
}

TEST(WebSocket, RefusesWhatIsNoHandshake) {
  TestServer server(test_router());
  server.run([](std::uint16_t port) -> Awaitable<> {
    std::string plain = "GET /echo HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    const auto answer = co_await raw_exchange(port, std::move(plain));
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 426 "));
    EXPECT_THAT(answer, HasSubstr("Upgrade: websocket"));
    std::string without_key =
        "GET /echo HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\n\r\n";
    const auto client = co_await RawClient::connect(port);
    co_await client->send(std::move(without_key));
    const auto refusal = co_await client->read_until("\r\n\r\n");
    EXPECT_THAT(refusal, StartsWith("HTTP/1.1 400 "));
  }(server.server->port()));
}

// A masked frame "hi" right behind the handshake, in the same packet.
TEST(WebSocket, TakesFramesThatCameWithTheHandshake) {
  TestServer server(test_router());
  server.run([](std::uint16_t port) -> Awaitable<> {
    const auto client = co_await RawClient::connect(port);
    std::string bytes = kHandshake;
    bytes.append("\x81\x82\x01\x02\x03\x04", 6).append({'h' ^ 1, 'i' ^ 2});
    co_await client->send(std::move(bytes));
    std::string end_of_head = "\r\n\r\n";
    const auto head = co_await client->read_until(std::move(end_of_head));
    EXPECT_THAT(head, StartsWith("HTTP/1.1 101 "));
    EXPECT_THAT(head, HasSubstr("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    std::string hi = "hi";
    const auto frame = co_await client->read_until(std::move(hi));
    EXPECT_EQ(frame, "\x81\x02hi");
  }(server.server->port()));
}

// What an abrupt client and the server's handler tell each other.
struct Steps {
  explicit Steps(const asio::any_io_executor& executor) : changed(executor) {}
  Awaitable<> wait_for(const bool& step) {
    while (!step) co_await changed.changed_since(changed.version());
  }
  void take(bool& step) {
    step = true;
    changed.notify_all();
  }
  bool client_gone = false;
  bool server_done = false;
  CloseReason seen;
  Event changed;
};

TEST(WebSocket, AnAbruptClientThatSaidWhyHasClosedInOrder) {
  std::shared_ptr<Steps> steps;
  Router router;
  router.add(route("GET", "/echo", [&steps](Request& request, Responder& responder) -> Awaitable<> {
    const auto socket = co_await responder.upgrade(request);
    // Then its reset meets our answer to its close.
    co_await steps->wait_for(steps->client_gone);
    std::vector<char> buffer(100);
    static_cast<void>(co_await socket->read(buffer));
    steps->seen = socket->close_reason();
    steps->take(steps->server_done);
  }));
  TestServer server(std::move(router));
  steps = std::make_shared<Steps>(server.loop.get_executor());
  server.run([](std::uint16_t port, std::shared_ptr<Steps> shared) -> Awaitable<> {
    auto client = co_await RawClient::connect(port);
    std::string handshake = kHandshake;
    co_await client->send(std::move(handshake));
    std::string end_of_head = "\r\n\r\n";
    co_await client->read_until(std::move(end_of_head));
    std::string close("\x88\x82\0\0\0\0\x03\xe8", 8);
    co_await client->send(std::move(close));
    client->socket.set_option(asio::socket_base::linger(true, 0));
    client->socket.close();
    shared->take(shared->client_gone);
    co_await shared->wait_for(shared->server_done);
  }(server.server->port(), steps));
  EXPECT_EQ(steps->seen.code, 1000);
  steps.reset();
}

TEST(WebSocket, AClientLearnsWhyItIsRefused) {
  TestServer server(test_router());
  server.run([](std::uint16_t port) -> Awaitable<> {
    const auto gone = co_await connect_web_socket("127.0.0.1", port, "/gone", Headers());
    EXPECT_FALSE(gone.has_value());
    EXPECT_EQ((gone ? Error() : gone.error()).code, ErrorCode::gone);
    const auto unknown = co_await connect_web_socket("127.0.0.1", port, "/nothing", Headers());
    EXPECT_FALSE(unknown.has_value());
    EXPECT_EQ((unknown ? Error() : unknown.error()).code, ErrorCode::not_found);
  }(server.server->port()));
}

}  // namespace
}  // namespace am::net
