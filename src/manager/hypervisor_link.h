// One connection of a hypervisor: the handshake, the heartbeat, messages in both directions.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "ipc/codec.h"
#include "manager/hypervisors.h"
#include "net/byte_channel.h"
#include "net/deadline.h"

namespace am::manager {

// Every bound of a connection, with its reason.
struct LinkSettings {
  std::string secret;           // shared with the hypervisors
  std::string manager_id;       // this manager, for the hypervisor's log
  std::uint16_t http_port = 0;  // of this manager's HTTP side
  std::string socket_token;     // for hypervisors, to reach tasks of others through it
  std::chrono::milliseconds handshake_limit{
      10'000};                                // from accept to Inventory; strangers hold nothing for longer
  std::chrono::milliseconds heartbeat{2000};  // each side sends at least this often
  std::chrono::milliseconds silence_limit{8000};  // three missed heartbeats and a margin
};

class HypervisorLink {
 public:
  HypervisorLink(const asio::any_io_executor& executor, std::shared_ptr<net::ByteChannel> channel,
                 const LinkSettings& settings);

  // Challenge, Hello, Welcome, Inventory. On an error the peer has been told (Reject) where that makes sense;
  // the error is for the log.
  Awaitable<Result<ipc::Inventory>> shake_hands();
  // The next message; an error when the connection ended, broke, fell silent, or carries what is no message.
  Awaitable<Result<ipc::Message>> receive();
  // Sends a heartbeat at every interval, until close().
  Awaitable<> beat();
  // False when the link is closed or its outbox is full; the link is closed then.
  bool send(const ipc::Message& message);
  void close();

  // Complete once shake_hands() has succeeded.
  [[nodiscard]] const HypervisorInfo& info() const { return info_; }
  [[nodiscard]] std::string peer() const { return channel_->peer(); }

 private:
  Awaitable<Result<ipc::Message>> read_message();
  void give_up();
  [[nodiscard]] std::optional<ipc::Reject> objection(const ipc::Hello& hello, const std::string& nonce) const;
  void take(const ipc::Hello& hello);

  std::shared_ptr<net::ByteChannel> channel_;
  const LinkSettings& settings_;
  ipc::FrameDecoder decoder_;
  net::Deadline deadline_;
  asio::steady_timer beat_timer_;
  std::string close_reason_;  // why this side closed
  HypervisorInfo info_;
};

}  // namespace am::manager
