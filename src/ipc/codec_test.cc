#include "ipc/codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>

#include "ipc/schema.h"

namespace am::ipc {
namespace {

std::string to_hex(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return text;
}

TaskEnd sample_end() {
  return {{OutcomeKind::timed_out, std::nullopt, 15, "stopped after 1.0 s: time limit 1 s"},
          {0.25, 12.5, 4096},
          1700000000123,
          1700000001123};
}

TaskSpec sample_spec() {
  return {"94edcac2-3529-4699-8468-d3a0c00696c2",
          "",
          "app-1",
          "Manual-N9IBvh",
          "test.py",
          R"({"factorial":5})",
          "admin",
          "default",
          {-1, 400},
          TaskIsolation::isolated};
}

ContainerSpec sample_container() {
  return {"/i",
          "/d/run/c",
          1879050000,
          "box",
          "10.0.2.3",
          "Europe/Berlin",
          {ContainerFolder{"/d/sources", "/sources", false, true}}};
}

RunCommand sample_command() {
  return {"p1",
          {"python", "/s/t.py"},
          {"A=b"},
          "/w/p1",
          {1, 100},
          512,
          2000,
          "/s/t.py",
          "/c/m",
          "/c/p",
          "/c/u",
          1879050000,
          std::string("\x06\0\0\0", 4),
          4096,
          "/b/am-container",
          sample_container(),
          "slot-1"};
}

// One value of each type, all fields set: the golden vectors are these.
std::map<std::string, Message> samples() {
  return {
      {"Challenge", Challenge{1, "0.1.0", "nonce-m"}},
      {"Hello", Hello{1,
                      "0.1.0",
                      "hv-1",
                      "box",
                      64,
                      "127.0.0.1",
                      18564,
                      "tok",
                      "nonce-h",
                      "proof",
                      {VenvInfo{"default", "3.11.2", {"six 1.16.0"}, "note"}}}},
      {"Welcome", Welcome{"m-1", 2000, "proof", 8080, "socket-token"}},
      {"Reject", Reject{"version", "protocol 2 is not 1"}},
      {"Inventory", Inventory{{"p1", "p2"}}},
      {"StartTask", StartTask{sample_spec()}},
      {"TaskStarted", TaskStarted{"p1", 1700000000123}},
      {"StopTask", StopTask{"p1", "admin"}},
      {"TaskEnded", TaskEnded{"p1", sample_end()}},
      {"TaskEndedAck", TaskEndedAck{"p1"}},
      {"Heartbeat", Heartbeat{3}},
      {"TaskRequest", TaskRequest{7, "p1", R"({"request":"wait","pid":"p2"})"}},
      {"TaskAnswer", TaskAnswer{7, R"({"answer":{}})"}},
      {"CancelRequest", CancelRequest{7}},
      {"TaskMessage", TaskMessage{"p1", 12, R"([1,"two"])"}},
      {"MessageTaken", MessageTaken{"p1", 12}},
      {"TaskStatus", TaskStatus{"p1", "half way", 0.5}},
      {"RunCommand", sample_command()},
      {"PrepareSlot", PrepareSlot{sample_command(), "/d/run/c"}},
      {"SlotReady", SlotReady{}},
      {"Preload", Preload{{"asyncio", "aiohttp"}}},
      {"WatchProcess", WatchProcess{17}},
      {"ProcessState", ProcessState{17, true, 3, 9}},
      {"ObserverStatus", ObserverStatus{TaskState::running, 1700000000123, 17, 4242, 4241}},
      {"StopCommand", StopCommand{"admin"}},
      {"EndReport", EndReport{sample_end()}},
      {"ContainerSpec", sample_container()},
      {"ContainerReady", ContainerReady{"no overlay", "no idmapped mounts"}},
  };
}

std::string vectors_path() { return AM_SOURCE_DIR "/src/ipc/vectors.txt"; }

TEST(Codec, MatchesTheGoldenVectors) {
  if (std::getenv("AM_WRITE_VECTORS") != nullptr) {
    std::ofstream out(vectors_path());
    out << "# Golden vectors of docs/PROTOCOL.md: message type, whole frame in hex. The values are in "
           "codec_test.cc.\n";
    for (const auto& [name, message] : samples()) out << name << ' ' << to_hex(encode(message)) << '\n';
  }
  std::ifstream in(vectors_path());
  std::map<std::string, std::string> golden;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with('#')) continue;
    const std::size_t space = line.find(' ');
    golden[line.substr(0, space)] = line.substr(space + 1);
  }
  EXPECT_EQ(golden.size(), std::variant_size_v<Message>);
  for (const auto& [name, message] : samples()) {
    EXPECT_EQ(name_of(message), name);
    EXPECT_EQ(to_hex(encode(message)), golden[name]) << name;
  }
}

TEST(Codec, RoundTripsEveryTypeFedByteByByte) {
  FrameDecoder decoder;
  for (const auto& [name, message] : samples()) {
    const std::string frame = encode(message);
    for (std::size_t i = 0; i + 1 < frame.size(); ++i) {
      decoder.feed(frame.substr(i, 1));
      ASSERT_EQ(decoder.next().value(), std::nullopt) << name << " after byte " << i;
    }
    decoder.feed(frame.substr(frame.size() - 1));
    const auto decoded = decoder.next();
    ASSERT_TRUE(decoded && *decoded) << name;
    EXPECT_EQ(encode(**decoded), frame) << name;
  }
  EXPECT_EQ(decoder.buffered_bytes(), 0U);
}

TEST(Codec, SeveralFramesInOnePiece) {
  FrameDecoder decoder;
  decoder.feed(encode(Heartbeat{1}) + encode(Heartbeat{2}));
  EXPECT_EQ(std::get<Heartbeat>(**decoder.next()).running, 1U);
  EXPECT_EQ(std::get<Heartbeat>(**decoder.next()).running, 2U);
  EXPECT_EQ(*decoder.next(), std::nullopt);
}

TEST(Codec, RefusesALengthOverTheLimitBeforeItsBytesCome) {
  FrameDecoder decoder;
  decoder.feed(std::string("\xff\xff\xff\xff", 4));
  const auto refused = decoder.next();
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, testing::HasSubstr("4294967295"));
}

TEST(Codec, RefusesUnknownTypesAndBrokenFields) {
  FrameDecoder unknown;
  unknown.feed(std::string("\0\0\0\2\x7f\xff", 6));
  EXPECT_FALSE(unknown.next());

  // A string that claims more bytes than the frame has.
  FrameDecoder lying;
  lying.feed(std::string("\0\0\0\6\0\xa\0\0\0\5", 10));
  EXPECT_FALSE(lying.next());

  // A list that claims four billion items.
  FrameDecoder many;
  many.feed(std::string("\0\0\0\6\0\5\xff\xff\xff\xff", 10));
  EXPECT_FALSE(many.next());
}

TEST(Codec, TakesDefaultsForMissingFieldsAndSkipsUnknownOnes) {
  FrameDecoder older;  // a Heartbeat without any field
  older.feed(std::string("\0\0\0\2\0\xb", 6));
  EXPECT_EQ(std::get<Heartbeat>(**older.next()).running, 0U);

  std::string frame = encode(Heartbeat{7});
  frame[3] = static_cast<char>(frame[3] + 3);
  FrameDecoder newer;
  newer.feed(frame + "xyz");
  EXPECT_EQ(std::get<Heartbeat>(**newer.next()).running, 7U);
  EXPECT_EQ(*newer.next(), std::nullopt);
}

}  // namespace
}  // namespace am::ipc
