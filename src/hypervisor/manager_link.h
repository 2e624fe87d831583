// The connection to the manager: dialled, proved, kept alive, dialled again.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "hypervisor/manager_requests.h"
#include "hypervisor/tasks.h"
#include "ipc/codec.h"
#include "loop/backoff.h"
#include "net/byte_channel.h"

namespace am::hypervisor {

struct LinkOptions {
  std::string host;  // of the manager's IPC port
  std::uint16_t port = 0;
  std::string secret;  // shared by the manager and its hypervisors
  std::string hypervisor_id;
  std::string name;
  std::uint32_t capacity = 0;
  std::string http_host;  // empty: where the connection comes from
  std::uint16_t http_port = 0;
  std::string http_token;
  std::vector<ipc::VenvInfo> venvs;
};

// The manager's HTTP side, seen from here.
struct ManagerAddress {
  std::string host;
  std::uint16_t port = 0;  // 0: not known yet
  std::string socket_token;
};

class ManagerLink : public TaskListener {
 public:
  // `on_welcome` is called after each successful handshake.
  ManagerLink(asio::any_io_executor executor, LinkOptions options, Tasks& tasks,
              std::function<void()> on_welcome);
  ~ManagerLink() override;

  // What tasks ask the manager for.
  ManagerRequests& requests() { return requests_; }
  // Where the manager's HTTP side is, since the last handshake.
  [[nodiscard]] const ManagerAddress& manager() const { return manager_; }
  // The task said something new of itself. Sent ten times a second at most; the newest counts.
  void on_progress(const std::shared_ptr<Task>& task);
  // The task has read that message.
  void on_message_taken(const std::string& pid, std::uint64_t sequence);

  // Of this hypervisor's own HTTP side; before run().
  void set_http_port(std::uint16_t port) { options_.http_port = port; }

  // Connects, serves and connects again until it is cancelled.
  Awaitable<> run();

  void on_started(const Task& task) override;
  void on_ended(Task& task) override;
  // Returns when every end has been acknowledged, or the time is up.
  Awaitable<> flush(std::chrono::steady_clock::duration at_most);

 private:
  Awaitable<Result<void>> serve(std::shared_ptr<net::ByteChannel> channel);
  Awaitable<Result<ipc::Message>> receive(std::shared_ptr<net::ByteChannel> channel);
  Awaitable<Result<void>> shake_hands(std::shared_ptr<net::ByteChannel> channel);
  Awaitable<Result<void>> exchange(std::shared_ptr<net::ByteChannel> channel);
  Awaitable<> beat(std::shared_ptr<net::ByteChannel> channel);
  void report_all();
  void take(const ipc::Message& message);
  void report_progress(Task& task);
  void take_message(const ipc::TaskMessage& message);
  bool send(const ipc::Message& message);

  asio::any_io_executor executor_;
  LinkOptions options_;
  Tasks& tasks_;
  std::function<void()> on_welcome_;
  Backoff backoff_;
  ipc::FrameDecoder decoder_;
  std::shared_ptr<net::ByteChannel> channel_;  // once the handshake is done
  std::chrono::milliseconds heartbeat_{2000};
  std::chrono::steady_clock::time_point last_heard_;
  Event acknowledged_;
  ManagerAddress manager_;
  ManagerRequests requests_;
};

}  // namespace am::hypervisor
