#include "process/packets.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utility>

#include "base/unique_fd.h"
#include "process/spawned_output.h"

namespace am::process {
namespace {

struct Ends {
  UniqueFd here;
  UniqueFd there;
};

Ends make_ends() {
  int ends[2];
  EXPECT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

TEST(SendPacket, KeepsPacketsApart) {
  const Ends ends = make_ends();
  ASSERT_TRUE(send_packet(ends.here.get(), "one"));
  ASSERT_TRUE(send_packet(ends.here.get(), std::string_view("t\0o", 3)));
  char buffer[16];
  EXPECT_EQ(::recv(ends.there.get(), buffer, sizeof buffer, 0), 3);
  ASSERT_EQ(::recv(ends.there.get(), buffer, sizeof buffer, 0), 3);
  EXPECT_EQ(std::string_view(buffer, 3), std::string_view("t\0o", 3));
}

TEST(SendPacket, PassesDescriptorsInOrder) {
  const Ends ends = make_ends();
  Pipe pipe;
  const int given[] = {pipe.read.get(), pipe.write.get()};
  ASSERT_TRUE(send_packet(ends.here.get(), "x", given));
  auto got = receive_handover(ends.there.get());
  ASSERT_TRUE(got && *got);
  EXPECT_EQ((*got)->content, "x");
  ASSERT_EQ((*got)->descriptors.size(), 2);
  const UniqueFd read_end = std::move((*got)->descriptors[0]);
  const UniqueFd write_end = std::move((*got)->descriptors[1]);
  EXPECT_EQ(::fcntl(read_end.get(), F_GETFD), FD_CLOEXEC);
  char byte = 0;
  ASSERT_EQ(::write(write_end.get(), "!", 1), 1);
  ASSERT_EQ(::read(read_end.get(), &byte, 1), 1);
  EXPECT_EQ(byte, '!');
}

TEST(ReceiveHandover, HearsOfTheEnd) {
  Ends ends = make_ends();
  ASSERT_TRUE(send_packet(ends.here.get(), "last"));
  ends.here.reset();
  auto last = receive_handover(ends.there.get());
  ASSERT_TRUE(last && *last);
  EXPECT_EQ((*last)->content, "last");
  EXPECT_TRUE((*last)->descriptors.empty());
  const auto end = receive_handover(ends.there.get());
  ASSERT_TRUE(end);
  EXPECT_FALSE(*end);
}

TEST(ReceivePacket, NamesTheSender) {
  auto pair = make_packet_pair();
  ASSERT_TRUE(pair);
  EXPECT_EQ(receive_packet(pair->ours.get()).kind, Packet::Kind::none);
  ASSERT_TRUE(send_packet(pair->theirs.get(), "word"));
  const Packet packet = receive_packet(pair->ours.get());
  EXPECT_EQ(packet.kind, Packet::Kind::content);
  EXPECT_EQ(packet.content, "word");
  EXPECT_EQ(packet.sender, ::getpid());
  pair->theirs.reset();
  EXPECT_EQ(receive_packet(pair->ours.get()).kind, Packet::Kind::end);
}

TEST(SendPacket, NeverWaitsForAReceiver) {
  const Ends ends = make_ends();
  const std::string content(1024, 'x');
  Result<void> sent;
  for (int packet = 0; sent && packet < 100'000; ++packet) sent = send_packet(ends.here.get(), content);
  ASSERT_FALSE(sent);
  EXPECT_NE(sent.error().message.find("EAGAIN"), std::string::npos) << sent.error().message;
}

TEST(SendPacket, SaysWhenNobodyIsThere) {
  Ends ends = make_ends();
  ends.there.reset();
  const auto sent = send_packet(ends.here.get(), "x");
  ASSERT_FALSE(sent);
  EXPECT_NE(sent.error().message.find("EPIPE"), std::string::npos) << sent.error().message;
}

}  // namespace
}  // namespace am::process
