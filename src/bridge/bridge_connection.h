// One connection to a task: kept from its arrival until the task takes it, then passed on in both directions.
#pragma once

#include <deque>
#include <list>
#include <memory>
#include <string>

#include "bridge/relay.h"
#include "loop/event.h"

namespace am::bridge {

class BridgeConnection {
 public:
  // `peer` names the other side for people: "127.0.0.1:40112", "task 94edcac2-…".
  BridgeConnection(const asio::any_io_executor& executor, StreamPtr remote, std::string peer)
      : remote_(std::move(remote)), peer_(std::move(peer)), changed_(executor) {}

  // The other side's half: reads ahead up to a bound (so that pings are answered and a close is seen), and
  // passes on what it read once the task is there. Returns when the other side is over; what it said before
  // stays for the task.
  Awaitable<> run();
  // The task's half: returns when the connection is over on both sides.
  Awaitable<> serve(StreamPtr task);
  // The task is over: nobody will take this.
  Awaitable<> refuse(net::CloseReason reason);

  [[nodiscard]] const std::string& peer() const { return peer_; }

 private:
  struct EarlyPiece {
    net::PieceKind kind;
    std::string bytes;
  };
  static constexpr std::size_t kEarlyBytes = 256 * 1024;

  Awaitable<bool> take(const net::Piece& piece, const char* bytes);
  Awaitable<bool> hand_over_early();

  StreamPtr remote_;
  StreamPtr task_;  // once taken
  std::string peer_;
  std::deque<EarlyPiece> early_;
  std::size_t early_bytes_ = 0;
  bool direct_ = false;       // nothing early is left: pieces go straight to the task
  bool remote_over_ = false;  // run() has returned
  Event changed_;
};
using BridgeConnectionPtr = std::shared_ptr<BridgeConnection>;

// The connections that wait for one task, in the order of their arrival.
class WaitingRoom {
 public:
  static constexpr std::size_t kSeats = 64;

  explicit WaitingRoom(const asio::any_io_executor& executor) : changed_(executor) {}

  // False when all seats are taken.
  bool enter(const BridgeConnectionPtr& connection);
  [[nodiscard]] bool full() const { return waiting_.size() >= kSeats; }
  // Returns once somebody is here.
  Awaitable<> arrival();
  // The first one; null when nobody is here (any more).
  BridgeConnectionPtr take();
  // Back to the front: whoever it was given to is gone.
  void put_back(BridgeConnectionPtr connection);
  // Everybody who waits; for the end of the task.
  std::list<BridgeConnectionPtr> empty();

 private:
  std::list<BridgeConnectionPtr> waiting_;
  Event changed_;
};

}  // namespace am::bridge
