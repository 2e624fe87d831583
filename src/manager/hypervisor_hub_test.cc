#include "manager/hypervisor_hub.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "base/random.h"
#include "loop/test_loop.h"

namespace am::manager {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kSecret = "the shared secret";

// Notes what it hears, and wakes the test.
class Listener : public HypervisorListener {
 public:
  explicit Listener(const asio::any_io_executor& executor) : heard_(executor) {}

  void on_inventory(const std::string& id, const std::vector<std::string>& pids) override {
    std::string text = "inventory " + id;
    for (const std::string& pid : pids) text += " " + pid;
    note(text);
  }
  void on_caught_up(const std::string& id) override { note("caught up " + id); }
  void on_task_started(const std::string& id, const ipc::TaskStarted& started) override {
    note("started " + id + " " + started.pid);
  }
  Result<void> on_task_ended(const std::string& id, const ipc::TaskEnded& ended) override {
    note("ended " + id + " " + ended.pid);
    if (store_fails) return fail(ErrorCode::unavailable, "database or disk is full");
    return {};
  }
  void on_disconnected(const std::string& id) override { note("gone " + id); }

  Awaitable<> until(std::size_t count) {
    while (events.size() < count) co_await heard_.changed_since(heard_.version());
  }

  std::vector<std::string> events;
  bool store_fails = false;

 private:
  void note(std::string text) {
    events.push_back(std::move(text));
    heard_.notify_all();
  }
  Event heard_;
};

// A hypervisor's side of one connection.
class Peer {
 public:
  explicit Peer(std::shared_ptr<net::ByteChannel> channel) : channel_(std::move(channel)) {}

  // The next message; Reject with the code "closed" at the end of the stream.
  Awaitable<ipc::Message> receive() {
    std::array<std::byte, 4096> piece;
    while (true) {
      auto message = decoder_.next();
      if (!message) throw std::runtime_error(message.error().message);
      if (*message) co_return **std::move(message);
      std::size_t size = 0;
      try {
        size = co_await channel_->read_some(piece);
      } catch (const boost::system::system_error&) {
        size = 0;  // reset: closed as well
      }
      if (size == 0) co_return ipc::Reject{"closed", ""};
      decoder_.feed(std::string_view(reinterpret_cast<const char*>(piece.data()), size));
    }
  }
  // Heartbeats are passed over.
  Awaitable<ipc::Message> receive_news() {
    while (true) {
      auto message = co_await receive();
      if (!std::holds_alternative<ipc::Heartbeat>(message)) co_return message;
    }
  }
  void send(const ipc::Message& message) { EXPECT_TRUE(channel_->post(ipc::encode(message))); }
  void send_bytes(std::string bytes) { channel_->post(std::move(bytes)); }
  void close() { channel_->close(); }

  ipc::Hello hello(const std::string& id, const std::string& nonce, const std::string& secret = kSecret) {
    ipc::Hello hello;
    hello.product_version = "9.9";
    hello.hypervisor_id = id;
    hello.name = "machine";
    hello.capacity = 4;
    hello.http_port = 18564;
    hello.http_token = "token";
    hello.nonce = "my nonce";
    hello.proof = keyed_hash(secret, "hypervisor:" + nonce);
    return hello;
  }
  // The whole handshake with an inventory of these pids.
  Awaitable<> join(std::string id, std::vector<std::string> pids) {
    const auto challenge = co_await receive();
    send(hello(id, std::get<ipc::Challenge>(challenge).nonce));
    const auto answer = co_await receive();
    const auto* welcome = std::get_if<ipc::Welcome>(&answer);
    EXPECT_NE(welcome, nullptr);
    if (welcome != nullptr) {
      EXPECT_EQ(welcome->proof, keyed_hash(kSecret, "manager:my nonce"));
      EXPECT_EQ(welcome->manager_id, "manager");
    }
    ipc::Inventory inventory;
    inventory.running = std::move(pids);
    send(inventory);
  }

 private:
  std::shared_ptr<net::ByteChannel> channel_;
  ipc::FrameDecoder decoder_;
};

class HypervisorHubTest : public ::testing::Test {
 protected:
  HypervisorHubTest()
      : listener_(loop_.get_executor()),
        group_(loop_.get_executor(), [](const std::string& name, const std::string& what) {
          ADD_FAILURE() << name << ": " << what;
        }) {
    settings_.secret = kSecret;
    settings_.manager_id = "manager";
  }

  void listen() {
    auto hub = HypervisorHub::listen(loop_.get_executor(), {.link = settings_});
    ASSERT_TRUE(hub) << hub.error().message;
    hub_ = *std::move(hub);
    group_.spawn("hub", hub_->run(listener_));
  }
  void TearDown() override {
    if (!hub_) return;
    run_to_end(loop_, hub_->stop());
    run_to_end(loop_, group_.drain());
  }
  Awaitable<std::unique_ptr<Peer>> dial() {
    auto channel = co_await net::connect_tcp("127.0.0.1", hub_->port(), 1U << 20U);
    if (!channel) throw std::runtime_error(channel.error().message);
    co_return std::make_unique<Peer>(*std::move(channel));
  }
  std::unique_ptr<Peer> joined(const std::string& id, const std::vector<std::string>& pids = {}) {
    const std::size_t before = listener_.events.size();
    auto peer = run_to_end(loop_, dial());
    run_to_end(loop_, peer->join(id, pids));
    run_to_end(loop_, listener_.until(before + 1));
    return peer;
  }

  asio::io_context loop_;
  LinkSettings settings_;
  Listener listener_;
  TaskGroup group_;
  std::unique_ptr<HypervisorHub> hub_;
};

TEST_F(HypervisorHubTest, AdmitsAHypervisorWithTheSecret) {
  listen();
  const auto peer = joined("hv", {"p1", "p2"});
  EXPECT_THAT(listener_.events, ElementsAre("inventory hv p1 p2"));
  const HypervisorInfo* info = hub_->find("hv");
  ASSERT_NE(info, nullptr);
  EXPECT_EQ(info->version, "9.9");
  EXPECT_EQ(info->capacity, 4U);
  EXPECT_EQ(info->http_host, "127.0.0.1");
  EXPECT_EQ(hub_->connected().size(), 1U);
}

TEST_F(HypervisorHubTest, RejectsAnotherSecret) {
  listen();
  const auto peer = run_to_end(loop_, dial());
  const auto challenge = run_to_end(loop_, peer->receive());
  peer->send(peer->hello("hv", std::get<ipc::Challenge>(challenge).nonce, "another secret"));
  const auto answer = run_to_end(loop_, peer->receive());
  EXPECT_EQ(std::get<ipc::Reject>(answer).code, "bad_secret");
  EXPECT_EQ(std::get<ipc::Reject>(run_to_end(loop_, peer->receive())).code, "closed");
  EXPECT_THAT(listener_.events, IsEmpty());
}

TEST_F(HypervisorHubTest, RejectsAnotherVersionAndNamesBoth) {
  listen();
  const auto peer = run_to_end(loop_, dial());
  const auto challenge = run_to_end(loop_, peer->receive());
  ipc::Hello hello = peer->hello("hv", std::get<ipc::Challenge>(challenge).nonce);
  hello.protocol_version = 77;
  peer->send(hello);
  const auto answer = run_to_end(loop_, peer->receive());
  EXPECT_EQ(std::get<ipc::Reject>(answer).code, "version");
  EXPECT_THAT(std::get<ipc::Reject>(answer).message, HasSubstr("77"));
  EXPECT_THAT(std::get<ipc::Reject>(answer).message,
              HasSubstr(fmt::format("version {}", ipc::kProtocolVersion)));
}

TEST_F(HypervisorHubTest, ClosesAStrangerThatSaysNothing) {
  settings_.handshake_limit = std::chrono::milliseconds(20);
  listen();
  const auto peer = run_to_end(loop_, dial());
  run_to_end(loop_, peer->receive());
  EXPECT_EQ(std::get<ipc::Reject>(run_to_end(loop_, peer->receive())).code, "closed");
}

TEST_F(HypervisorHubTest, ClosesAStrangerThatSendsGarbage) {
  listen();
  for (const std::string& garbage :
       {std::string("GET / HTTP/1.1\r\n\r\n"), std::string("\xff\xff\xff\xff\0\0", 6)}) {
    const auto peer = run_to_end(loop_, dial());
    run_to_end(loop_, peer->receive());
    peer->send_bytes(garbage);
    EXPECT_EQ(std::get<ipc::Reject>(run_to_end(loop_, peer->receive())).code, "closed");
  }
}

TEST_F(HypervisorHubTest, PassesReportsOnInOrderAndAcknowledgesEnds) {
  listen();
  const auto peer = joined("hv");
  peer->send(ipc::TaskStarted{"p1", 5});
  ipc::TaskEnded ended;
  ended.pid = "p1";
  peer->send(ended);
  const auto ack = run_to_end(loop_, peer->receive_news());
  EXPECT_EQ(std::get<ipc::TaskEndedAck>(ack).pid, "p1");
  EXPECT_THAT(listener_.events, ElementsAre("inventory hv", "started hv p1", "ended hv p1"));
}

TEST_F(HypervisorHubTest, AnEndThatIsNotStoredCostsTheConnection) {
  listen();
  listener_.store_fails = true;
  const auto peer = joined("hv");
  ipc::TaskEnded ended;
  ended.pid = "p1";
  peer->send(ended);
  EXPECT_EQ(std::get<ipc::Reject>(run_to_end(loop_, peer->receive_news())).code, "closed");
  EXPECT_THAT(listener_.events, ElementsAre("inventory hv", "ended hv p1", "gone hv"));
}

TEST_F(HypervisorHubTest, TheFirstHeartbeatSaysThatItHasCaughtUp) {
  listen();
  const auto peer = joined("hv");
  peer->send(ipc::Heartbeat{1});
  peer->send(ipc::Heartbeat{1});
  peer->send(ipc::TaskStarted{"p1", 5});
  run_to_end(loop_, listener_.until(3));
  EXPECT_THAT(listener_.events, ElementsAre("inventory hv", "caught up hv", "started hv p1"));
}

TEST_F(HypervisorHubTest, SendsToTheOneThatIsMeant) {
  listen();
  const auto one = joined("one");
  const auto two = joined("two");
  EXPECT_TRUE(hub_->send("two", ipc::StopTask{"p1", "admin"}));
  EXPECT_FALSE(hub_->send("three", ipc::StopTask{"p1", "admin"}));
  const auto message = run_to_end(loop_, two->receive_news());
  EXPECT_EQ(std::get<ipc::StopTask>(message).pid, "p1");
}

TEST_F(HypervisorHubTest, ANewConnectionOfOneIdEndsTheOlder) {
  listen();
  const auto older = joined("hv");
  const std::uint64_t connection = hub_->find("hv")->connection;
  const auto newer = joined("hv", {"p1"});
  run_to_end(loop_, listener_.until(3));
  EXPECT_THAT(listener_.events, ElementsAre("inventory hv", "gone hv", "inventory hv p1"));
  EXPECT_EQ(std::get<ipc::Reject>(run_to_end(loop_, older->receive_news())).code, "closed");
  EXPECT_NE(hub_->find("hv")->connection, connection);
  EXPECT_EQ(hub_->connected().size(), 1U);
}

TEST_F(HypervisorHubTest, NoticesThatOneIsGone) {
  listen();
  const auto peer = joined("hv");
  peer->close();
  run_to_end(loop_, listener_.until(2));
  EXPECT_THAT(listener_.events, ElementsAre("inventory hv", "gone hv"));
  EXPECT_EQ(hub_->find("hv"), nullptr);
}

TEST_F(HypervisorHubTest, NoticesThatOneIsSilent) {
  settings_.silence_limit = std::chrono::milliseconds(20);
  listen();
  const auto peer = joined("hv");
  run_to_end(loop_, listener_.until(2));
  EXPECT_THAT(listener_.events, ElementsAre("inventory hv", "gone hv"));
}

TEST_F(HypervisorHubTest, SendsHeartbeats) {
  settings_.heartbeat = std::chrono::milliseconds(5);
  listen();
  const auto peer = joined("hv");
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(std::holds_alternative<ipc::Heartbeat>(run_to_end(loop_, peer->receive())));
  }
}

}  // namespace
}  // namespace am::manager
