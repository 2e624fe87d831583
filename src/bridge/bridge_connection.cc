#include "bridge/bridge_connection.h"

namespace am::bridge {

Awaitable<> BridgeConnection::run() {
  struct Over {
    BridgeConnection& connection;
    ~Over() {
      connection.remote_over_ = true;
      connection.changed_.notify_all();
    }
  } over{*this};
  const auto buffer = std::make_unique_for_overwrite<char[]>(kPieceBytes);
  for (;;) {
    const auto piece = co_await remote_->read({buffer.get(), kPieceBytes});
    if (!piece) break;
    const bool taken = co_await take(*piece, buffer.get());
    if (!taken) co_return co_await remote_->close(task_->close_reason());
  }
  if (direct_) co_await task_->close(remote_->close_reason());
}

// False when the task's side is over.
Awaitable<bool> BridgeConnection::take(const net::Piece& piece, const char* bytes) {
  if (!direct_) {
    early_.push_back({piece.kind, std::string(bytes, piece.size)});
    early_bytes_ += piece.size;
    while (!direct_ && early_bytes_ >= kEarlyBytes) co_await changed_.changed_since(changed_.version());
    co_return true;
  }
  const bool written = co_await task_->write(piece.kind, {bytes, piece.size});
  co_return written;
}

Awaitable<bool> BridgeConnection::hand_over_early() {
  while (!early_.empty()) {
    const EarlyPiece piece = std::move(early_.front());
    early_.pop_front();
    const bool written = co_await task_->write(piece.kind, piece.bytes);
    if (!written) co_return false;
    early_bytes_ -= piece.bytes.size();
    changed_.notify_all();
  }
  direct_ = true;
  changed_.notify_all();
  co_return true;
}

Awaitable<> BridgeConnection::serve(StreamPtr task) {
  task_ = std::move(task);
  const bool handed_over = co_await hand_over_early();
  if (handed_over && !remote_over_) {
    const bool task_over = co_await pump(task_, remote_);
    if (task_over) co_await remote_->close(task_->close_reason());
  } else if (!handed_over) {
    direct_ = true;  // wakes a run() that waits for room, to find the task gone
    changed_.notify_all();
    net::CloseReason reason{net::close_code::going_away, "the task closed the connection"};
    co_await remote_->close(std::move(reason));
  }
  while (!remote_over_) co_await changed_.changed_since(changed_.version());
  co_await task_->close(remote_->close_reason());
}

Awaitable<> BridgeConnection::refuse(net::CloseReason reason) { co_await remote_->close(std::move(reason)); }

bool WaitingRoom::enter(const BridgeConnectionPtr& connection) {
  if (full()) return false;
  waiting_.push_back(connection);
  changed_.notify_all();
  return true;
}

Awaitable<> WaitingRoom::arrival() {
  while (waiting_.empty()) co_await changed_.changed_since(changed_.version());
}

BridgeConnectionPtr WaitingRoom::take() {
  if (waiting_.empty()) return nullptr;
  auto first = std::move(waiting_.front());
  waiting_.pop_front();
  return first;
}

void WaitingRoom::put_back(BridgeConnectionPtr connection) {
  waiting_.push_front(std::move(connection));
  changed_.notify_all();
}

std::list<BridgeConnectionPtr> WaitingRoom::empty() { return std::exchange(waiting_, {}); }

}  // namespace am::bridge
