// The connection to the manager: dialled, proved, kept alive, dialled again.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

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

class ManagerLink : public TaskListener {
 public:
  // `on_welcome` is called after each successful handshake.
  ManagerLink(asio::any_io_executor executor, LinkOptions options, Tasks& tasks,
              std::function<void()> on_welcome);
  ~ManagerLink() override;

  // Connects, serves and connects again until it is cancelled.
  Awaitable<> run();

  void on_started(const Task& task) override;
  void on_ended(const Task& task) override;
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
  void send(const ipc::Message& message);

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
};

}  // namespace am::hypervisor
