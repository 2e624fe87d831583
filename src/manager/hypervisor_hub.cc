#include "manager/hypervisor_hub.h"

#include <spdlog/spdlog.h>

namespace am::manager {

Result<std::unique_ptr<HypervisorHub>> HypervisorHub::listen(const asio::any_io_executor& executor,
                                                             Options options) {
  auto listener = net::TcpListener::listen(executor, options.host, options.port, kOutboxLimit);
  if (!listener) return pass_on(listener);
  return std::make_unique<HypervisorHub>(executor, std::move(options), *std::move(listener));
}

HypervisorHub::HypervisorHub(const asio::any_io_executor& executor, Options options,
                             std::unique_ptr<net::TcpListener> listener)
    : executor_(executor),
      options_(std::move(options)),
      listener_(std::move(listener)),
      changed_(executor),
      group_(executor, [](const std::string& name, const std::string& what) {
        spdlog::error("{} failed: {}", name, what);
      }) {}

Awaitable<> HypervisorHub::run(HypervisorListener& listener, TaskTalk* talk) {
  events_ = &listener;
  talk_ = talk;
  while (true) {
    auto channel = co_await listener_->accept();
    if (!channel) co_return;
    if (strangers_ >= kStrangerLimit) {
      spdlog::warn("closed the connection of {}: {} others have not finished their handshake",
                   (*channel)->peer(), strangers_);
      (*channel)->close();
      continue;
    }
    group_.spawn("hypervisor link", serve(*std::move(channel)));
  }
}

Awaitable<> HypervisorHub::stop() {
  listener_->close();
  for (auto& [id, entry] : entries_) entry.link->close();
  group_.cancel();
  co_await group_.drain();
}

Awaitable<> HypervisorHub::serve(std::shared_ptr<net::ByteChannel> channel) {
  const auto link = std::make_shared<HypervisorLink>(executor_, std::move(channel), options_.link);
  // Undoes what the rest does, also when the hub's stop() cancels this coroutine.
  struct Presence {
    HypervisorHub& hub;
    const std::shared_ptr<HypervisorLink>& link;
    std::string why = "the manager stops";
    bool stranger = true;
    ~Presence() {
      if (stranger) --hub.strangers_;
      hub.release(link, why);
    }
  } presence{*this, link};

  ++strangers_;
  const auto inventory = co_await link->shake_hands();
  presence.stranger = false;
  --strangers_;
  if (!inventory) {
    spdlog::warn("refused a hypervisor at {}: {}", link->peer(), inventory.error().message);
    co_return;
  }
  admit(link, *inventory);
  group_.spawn("hypervisor heartbeat", [](std::shared_ptr<HypervisorLink> beating) -> Awaitable<> {
    co_await beating->beat();
  }(link));
  presence.why = co_await follow(link);
}

Awaitable<std::string> HypervisorHub::follow(std::shared_ptr<HypervisorLink> link) {
  while (true) {
    const auto message = co_await link->receive();
    if (!message) co_return message.error().message;
    if (!is_current(link)) co_return "it connected again";
    const auto handled = handle(link, *message);
    if (!handled) co_return handled.error().message;
  }
}

Result<void> HypervisorHub::handle(const std::shared_ptr<HypervisorLink>& link, const ipc::Message& message) {
  Entry& entry = entries_.find(link->info().id)->second;
  const std::string id = entry.info.id;
  if (const auto* started = std::get_if<ipc::TaskStarted>(&message)) {
    events_->on_task_started(id, *started);
    return {};
  }
  if (const auto* ended = std::get_if<ipc::TaskEnded>(&message)) {
    auto stored = events_->on_task_ended(id, *ended);
    if (stored) link->send(ipc::TaskEndedAck{ended->pid});
    return stored;
  }
  if (std::holds_alternative<ipc::Heartbeat>(message)) {
    if (std::exchange(entry.caught_up, true)) return {};
    events_->on_caught_up(id);
    if (talk_ != nullptr) talk_->on_caught_up(id);
    return {};
  }
  if (talk_ != nullptr && handle_talk(id, message)) return {};
  return fail(ErrorCode::invalid_argument, "it sent {}, which only a manager sends", ipc::name_of(message));
}

bool HypervisorHub::handle_talk(const std::string& id, const ipc::Message& message) {
  if (const auto* request = std::get_if<ipc::TaskRequest>(&message)) {
    talk_->on_request(id, *request);
  } else if (const auto* cancel = std::get_if<ipc::CancelRequest>(&message)) {
    talk_->on_cancel(id, cancel->request_id);
  } else if (const auto* taken = std::get_if<ipc::MessageTaken>(&message)) {
    talk_->on_message_taken(id, *taken);
  } else if (const auto* status = std::get_if<ipc::TaskStatus>(&message)) {
    talk_->on_status(id, *status);
  } else {
    return false;
  }
  return true;
}

void HypervisorHub::admit(const std::shared_ptr<HypervisorLink>& link, const ipc::Inventory& inventory) {
  const std::string id = link->info().id;
  // Two connections of one id: the older is half-open, its peer has dialed again.
  if (const auto older = entries_.find(id); older != entries_.end()) {
    release(older->second.link, "it connected again");
  }
  Entry entry{.info = link->info(), .link = link};
  entry.info.connection = ++connections_;
  spdlog::info("hypervisor {} ({}) connected from {}: version {}, capacity {}, {} running", entry.info.name,
               id, link->peer(), entry.info.version, entry.info.capacity, inventory.running.size());
  entries_.emplace(id, std::move(entry));
  events_->on_inventory(id, inventory.running);
  changed_.notify_all();
}

void HypervisorHub::release(const std::shared_ptr<HypervisorLink>& link, const std::string& why) {
  link->close();
  if (!is_current(link)) return;
  const auto entry = entries_.find(link->info().id);
  const std::string id = entry->first;
  spdlog::warn("hypervisor {} ({}) is gone: {}", entry->second.info.name, id, why);
  entries_.erase(entry);
  events_->on_disconnected(id);
  if (talk_ != nullptr) talk_->on_disconnected(id);
  changed_.notify_all();
}

bool HypervisorHub::is_current(const std::shared_ptr<HypervisorLink>& link) const {
  const auto entry = entries_.find(link->info().id);
  return entry != entries_.end() && entry->second.link == link;
}

std::vector<const HypervisorInfo*> HypervisorHub::connected() const {
  std::vector<const HypervisorInfo*> all;
  for (const auto& [id, entry] : entries_) all.push_back(&entry.info);
  return all;
}

const HypervisorInfo* HypervisorHub::find(std::string_view id) const {
  const auto entry = entries_.find(id);
  return entry == entries_.end() ? nullptr : &entry->second.info;
}

bool HypervisorHub::send(std::string_view id, const ipc::Message& message) {
  const auto entry = entries_.find(id);
  return entry != entries_.end() && entry->second.link->send(message);
}

}  // namespace am::manager
