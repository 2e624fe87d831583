#include "bridge/task_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <vector>

#include "loop/test_loop.h"

namespace am::bridge {
namespace {

using ::testing::HasSubstr;

// A stream, and the socket of the task at its other end, blocking.
struct Ends {
  explicit Ends(asio::io_context& loop) {
    int fds[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
      throw std::runtime_error("socketpair");
    task = UniqueFd(fds[1]);
    stream = TaskStream::adopt(loop.get_executor(), UniqueFd(fds[0])).value();
  }
  void send(std::string_view bytes) const {
    ASSERT_EQ(::send(task.get(), bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
  }
  [[nodiscard]] std::string receive() const {
    std::string bytes(100'000, '\0');
    const ssize_t size = ::recv(task.get(), bytes.data(), bytes.size(), 0);
    bytes.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    return bytes;
  }
  UniqueFd task;
  std::shared_ptr<TaskStream> stream;
};

std::string frame(std::uint8_t kind, std::string_view payload) {
  const auto length = static_cast<std::uint32_t>(payload.size() + 1);
  std::string bytes{static_cast<char>(length >> 24U), static_cast<char>(length >> 16U),
                    static_cast<char>(length >> 8U), static_cast<char>(length), static_cast<char>(kind)};
  return bytes.append(payload);
}

struct Read {
  std::optional<net::Piece> piece;
  std::string bytes;
};

Read read_piece(asio::io_context& loop, TaskStream& stream, std::size_t room = 1000) {
  std::string bytes(room, '\0');
  const auto piece = run_to_end(loop, stream.read(bytes));
  bytes.resize(piece ? piece->size : 0);
  return {piece, bytes};
}

TEST(TaskStream, ReadsRequestsOneAfterTheOther) {
  asio::io_context loop(1);
  const Ends ends(loop);
  ends.send(frame(1, R"({"request":"a"})") + frame(1, R"({"request":"b"})"));
  EXPECT_EQ(run_to_end(loop, ends.stream->read_control()).value(), R"({"request":"a"})");
  EXPECT_EQ(run_to_end(loop, ends.stream->read_control()).value(), R"({"request":"b"})");
  ::shutdown(ends.task.get(), SHUT_WR);
  EXPECT_EQ(run_to_end(loop, ends.stream->read_control()).value(), std::nullopt);
}

TEST(TaskStream, ARequestThatIsNoneIsNamed) {
  asio::io_context loop(1);
  for (const auto& [bytes, words] :
       {std::pair(frame(2, "hello"), "a request is a control frame"),
        std::pair(std::string("\x7f\xff\xff\xff\x01", 5), "frame length 2147483647"),
        std::pair(std::string("\0\0\0\0\x01", 5), "frame length 0"), std::pair(frame(9, "x"), "frame kind 9"),
        std::pair(frame(1 + 128, "{}"), "frame kind 129")}) {
    const Ends ends(loop);
    ends.send(bytes);
    const auto request = run_to_end(loop, ends.stream->read_control());
    ASSERT_FALSE(request.has_value());
    EXPECT_THAT(request.error().message, HasSubstr(words));
  }
}

TEST(TaskStream, AnswersInFrames) {
  asio::io_context loop(1);
  const Ends ends(loop);
  EXPECT_TRUE(run_to_end(loop, ends.stream->write_control("{}")));
  EXPECT_EQ(ends.receive(), frame(1, "{}"));
}

TEST(TaskStream, JoinsPiecesUpToTheRoomThatThereIs) {
  asio::io_context loop(1);
  const Ends ends(loop);
  ends.send(frame(2 + 128, "one ") + frame(2 + 128, "") + frame(2, "two") + frame(3, ""));
  const Read text = read_piece(loop, *ends.stream);
  EXPECT_EQ(text.bytes, "one two");
  EXPECT_TRUE(text.piece->kind.text && text.piece->kind.last);
  const Read empty = read_piece(loop, *ends.stream);
  EXPECT_EQ(empty.piece->size, 0U);
  EXPECT_TRUE(!empty.piece->kind.text && empty.piece->kind.last);

  ends.send(frame(3, "abcdef"));
  EXPECT_EQ(read_piece(loop, *ends.stream, 4).bytes, "abcd");
  const Read rest = read_piece(loop, *ends.stream, 4);
  EXPECT_EQ(rest.bytes, "ef");
  EXPECT_TRUE(rest.piece->kind.last);
}

TEST(TaskStream, KnowsHowTheOtherSideEnded) {
  asio::io_context loop(1);
  const Ends closed(loop);
  closed.send(frame(4, std::string("\x0f\xa0", 2) + "bye"));
  EXPECT_FALSE(read_piece(loop, *closed.stream).piece);
  EXPECT_EQ(closed.stream->close_reason().code, 4000);
  EXPECT_EQ(closed.stream->close_reason().text, "bye");

  Ends vanished(loop);
  vanished.task.reset();
  EXPECT_FALSE(read_piece(loop, *vanished.stream).piece);
  EXPECT_EQ(vanished.stream->close_reason().code, net::close_code::abnormal);

  const Ends odd(loop);
  odd.send(frame(1, "{}"));
  EXPECT_FALSE(read_piece(loop, *odd.stream).piece);
  EXPECT_EQ(odd.stream->close_reason().code, net::close_code::protocol_error);

  const Ends mixed(loop);
  mixed.send(frame(2 + 128, "text") + frame(3, "binary"));
  EXPECT_FALSE(read_piece(loop, *mixed.stream).piece);
  EXPECT_EQ(mixed.stream->close_reason().code, net::close_code::protocol_error);
}

TEST(TaskStream, ACloseReachesATaskThatIsWriting) {
  asio::io_context loop(1);
  const Ends ends(loop);
  const timeval limit{.tv_sec = 5, .tv_usec = 0};
  ::setsockopt(ends.task.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  const std::string flood = frame(3, std::string(100'000, 'x'));
  while (::send(ends.task.get(), flood.data(), flood.size(), MSG_DONTWAIT) > 0) {
  }
  net::CloseReason reason{4001, "stop"};
  run_to_end(loop, ends.stream->close(reason));
  EXPECT_EQ(::send(ends.task.get(), flood.data(), flood.size(), MSG_NOSIGNAL), -1);
  EXPECT_EQ(errno, EPIPE);
  EXPECT_EQ(ends.receive(), frame(4, std::string("\x0f\xa1", 2) + "stop"));
}

TEST(TaskStream, NoticesThatTheTaskHangsUp) {
  asio::io_context loop(1);
  Ends ends(loop);
  ends.task.reset();
  run_to_end(loop, ends.stream->hung_up());
}

}  // namespace
}  // namespace am::bridge
