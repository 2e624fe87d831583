// Where hypervisors connect: accepts, admits, keeps and drops their links.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "loop/task_group.h"
#include "manager/hypervisor_link.h"
#include "manager/hypervisors.h"

namespace am::manager {

class HypervisorHub : public Hypervisors {
 public:
  struct Options {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;  // 0: the kernel picks one, see port()
    LinkSettings link;
  };
  // Connections that have not shown the secret yet; more are closed at once.
  static constexpr std::size_t kStrangerLimit = 64;
  // Messages that wait because a hypervisor reads slowly; more cost it the connection.
  static constexpr std::size_t kOutboxLimit = 32U << 20U;

  // Binds at once; an address in use is an error that names host and port.
  static Result<std::unique_ptr<HypervisorHub>> listen(const asio::any_io_executor& executor,
                                                       Options options);
  HypervisorHub(const asio::any_io_executor& executor, Options options,
                std::unique_ptr<net::TcpListener> listener);

  [[nodiscard]] std::uint16_t port() const { return listener_->port(); }
  // Told to hypervisors; before run().
  void set_http_port(std::uint16_t port) { options_.link.http_port = port; }
  // Accepts until stop(); both hear everything and outlive the hub's stop(). Without `talk` tasks are mute.
  Awaitable<> run(HypervisorListener& listener, TaskTalk* talk = nullptr);
  // Closes every link and returns when the last has gone.
  Awaitable<> stop();

  [[nodiscard]] std::vector<const HypervisorInfo*> connected() const override;
  [[nodiscard]] const HypervisorInfo* find(std::string_view id) const override;
  bool send(std::string_view id, const ipc::Message& message) override;
  Event& changed() override { return changed_; }

 private:
  struct Entry {
    HypervisorInfo info;
    std::shared_ptr<HypervisorLink> link;
    bool caught_up = false;
  };

  Awaitable<> serve(std::shared_ptr<net::ByteChannel> channel);
  Awaitable<std::string> follow(std::shared_ptr<HypervisorLink> link);
  void admit(const std::shared_ptr<HypervisorLink>& link, const ipc::Inventory& inventory);
  void release(const std::shared_ptr<HypervisorLink>& link, const std::string& why);
  [[nodiscard]] bool is_current(const std::shared_ptr<HypervisorLink>& link) const;
  Result<void> handle(const std::shared_ptr<HypervisorLink>& link, const ipc::Message& message);
  bool handle_talk(const std::string& id, const ipc::Message& message);

  asio::any_io_executor executor_;
  Options options_;
  std::unique_ptr<net::TcpListener> listener_;
  HypervisorListener* events_ = nullptr;
  TaskTalk* talk_ = nullptr;
  Event changed_;
  std::map<std::string, Entry, std::less<>> entries_;  // by hypervisor id
  std::size_t strangers_ = 0;
  std::uint64_t connections_ = 0;
  TaskGroup group_;
};

}  // namespace am::manager
