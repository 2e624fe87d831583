#include "net/byte_channel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include "loop/test_loop.h"

namespace am::net {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t kOutbox = 1 << 20;

struct Pair {
  std::shared_ptr<ByteChannel> a;
  std::shared_ptr<ByteChannel> b;
};

Pair unix_pair(asio::io_context& loop, std::size_t outbox_limit = kOutbox) {
  int fds[2] = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0) throw std::runtime_error("socketpair");
  return {adopt_socket(loop.get_executor(), UniqueFd(fds[0]), outbox_limit).value(),
          adopt_socket(loop.get_executor(), UniqueFd(fds[1]), outbox_limit).value()};
}

Awaitable<std::string> read_bytes(std::shared_ptr<ByteChannel> from, std::size_t count) {
  std::string text;
  std::vector<std::byte> piece(64 * 1024);
  while (text.size() < count) {
    const auto size = co_await from->read_some(piece);
    if (size == 0) break;
    text.append(reinterpret_cast<const char*>(piece.data()), size);
  }
  co_return text;
}

TEST(ByteChannel, SendsAtOnceWhenNothingWaits) {
  asio::io_context loop;
  const auto pair = unix_pair(loop);
  EXPECT_TRUE(pair.a->post("hello "));
  EXPECT_TRUE(pair.a->post(""));
  EXPECT_TRUE(pair.a->post("world"));
  EXPECT_EQ(pair.a->outbox_bytes(), 0U);
  EXPECT_EQ(run_to_end(loop, read_bytes(pair.b, 11)), "hello world");
  EXPECT_EQ(pair.a->peer(), "unix");
}

TEST(ByteChannel, KeepsTheOrderPastAFullSocketAndStaysWithinItsLimit) {
  asio::io_context loop;
  const auto pair = unix_pair(loop);
  std::string expected;
  for (int i = 0;; ++i) {
    std::string message(10'000, static_cast<char>('a' + i % 26));
    if (!pair.a->post(message)) break;
    expected += message;
    EXPECT_LE(pair.a->outbox_bytes(), kOutbox);
    ASSERT_LT(i, 10'000);
  }
  EXPECT_GT(pair.a->outbox_bytes(), kOutbox - 10'000);
  EXPECT_FALSE(pair.a->closed());
  EXPECT_EQ(run_to_end(loop, read_bytes(pair.b, expected.size())), expected);
  EXPECT_EQ(pair.a->outbox_bytes(), 0U);
  EXPECT_TRUE(pair.a->post("again"));
}

TEST(ByteChannel, AMessageOverTheLimitIsRefusedWhole) {
  asio::io_context loop;
  const auto pair = unix_pair(loop, 100);
  EXPECT_FALSE(pair.a->post(std::string(101, 'x')));
  EXPECT_TRUE(pair.a->post(std::string(100, 'y')));
  EXPECT_EQ(run_to_end(loop, read_bytes(pair.b, 100)), std::string(100, 'y'));
}

TEST(ByteChannel, TheOtherSidesEndIsReadAfterItsBytes) {
  asio::io_context loop;
  const auto pair = unix_pair(loop);
  pair.a->post("last words");
  pair.a->close();
  EXPECT_TRUE(pair.a->closed());
  EXPECT_FALSE(pair.a->post("more"));
  // What the peer sent stays readable although this side can no longer send.
  while (pair.b->post("x")) {
  }
  EXPECT_TRUE(pair.b->closed());
  EXPECT_EQ(run_to_end(loop, read_bytes(pair.b, 1000)), "last words");
}

TEST(ByteChannel, CloseEndsAPendingRead) {
  asio::io_context loop;
  const auto pair = unix_pair(loop);
  auto reading = read_bytes(pair.a, 1);
  asio::post(loop, [&] { asio::post(loop, [&] { pair.a->close(); }); });
  EXPECT_THROW(run_to_end(loop, std::move(reading)), boost::system::system_error);
}

TEST(ByteChannel, MayBeDroppedWithAFullOutbox) {
  asio::io_context loop;
  auto pair = unix_pair(loop);
  while (pair.a->post(std::string(10'000, 'x'))) {
  }
  pair.a.reset();
  loop.run();
}

TEST(ByteChannel, TcpBothWays) {
  asio::io_context loop;
  const auto listener = TcpListener::listen(loop.get_executor(), "127.0.0.1", 0, kOutbox).value();
  const auto client = run_to_end(loop, connect_tcp("localhost", listener->port(), kOutbox)).value();
  const auto served = run_to_end(loop, listener->accept()).value();
  EXPECT_EQ(client->peer(), "127.0.0.1:" + std::to_string(listener->port()));
  EXPECT_THAT(served->peer(), HasSubstr("127.0.0.1:"));
  client->post("ping");
  EXPECT_EQ(run_to_end(loop, read_bytes(served, 4)), "ping");
  served->post("pong");
  EXPECT_EQ(run_to_end(loop, read_bytes(client, 4)), "pong");
}

TEST(ByteChannel, ListenerThatIsClosedEndsItsAccept) {
  asio::io_context loop;
  const auto listener = TcpListener::listen(loop.get_executor(), "127.0.0.1", 0, kOutbox).value();
  asio::post(loop, [&] { asio::post(loop, [&] { listener->close(); }); });
  EXPECT_FALSE(run_to_end(loop, listener->accept()));
  EXPECT_FALSE(run_to_end(loop, listener->accept()));
}

TEST(ByteChannel, ErrorsNameTheAddress) {
  asio::io_context loop;
  auto listener = TcpListener::listen(loop.get_executor(), "127.0.0.1", 0, kOutbox).value();
  const auto port = listener->port();
  const auto twice = TcpListener::listen(loop.get_executor(), "127.0.0.1", port, kOutbox);
  ASSERT_FALSE(twice);
  EXPECT_THAT(twice.error().message, HasSubstr("127.0.0.1:" + std::to_string(port)));
  listener.reset();
  const auto refused = run_to_end(loop, connect_tcp("127.0.0.1", port, kOutbox));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
  EXPECT_THAT(refused.error().message,
              HasSubstr("127.0.0.1:" + std::to_string(port) + ": Connection refused"));
  const auto unknown = run_to_end(loop, connect_tcp("no-such-host.invalid", 1, kOutbox));
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().message, HasSubstr("no-such-host.invalid:1"));
  EXPECT_FALSE(TcpListener::listen(loop.get_executor(), "not an address", 0, kOutbox));
  EXPECT_FALSE(adopt_socket(loop.get_executor(), UniqueFd(), kOutbox));
}

}  // namespace
}  // namespace am::net
