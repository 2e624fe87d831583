#include "manager/hypervisor_clients.h"

#include <algorithm>
#include <ranges>

namespace am::manager {

HypervisorClients::Client::Client(HypervisorClients& owner, const HypervisorAddress& address)
    : owner_(owner),
      address_(address),
      http_(owner.take(address)),
      place_(owner.clients_.insert(owner.clients_.end(), this)) {}

HypervisorClients::Client::~Client() {
  owner_.clients_.erase(place_);
  owner_.give_back(address_, std::move(http_));
}

Awaitable<Result<net::Response>> HypervisorClients::Client::get(std::string target) {
  net::Headers headers;
  headers.set("Authorization", "Bearer " + address_.token);
  return http_->open("GET", std::move(target), std::move(headers), {});
}

std::uint64_t HypervisorClients::connection_of(const Kept& kept) { return kept.address.connection; }

std::unique_ptr<net::HttpClient> HypervisorClients::take(const HypervisorAddress& address) {
  const auto last = std::ranges::find(kept_ | std::views::reverse, address.connection, connection_of);
  if (last == kept_.rend()) return std::make_unique<net::HttpClient>(executor_, address.host, address.port);
  auto http = std::move(last->http);
  kept_.erase(std::next(last).base());
  return http;
}

void HypervisorClients::give_back(const HypervisorAddress& address, std::unique_ptr<net::HttpClient> http) {
  if (!is_current(address) || !http->reusable()) return;
  if (std::ranges::count(kept_, address.connection, connection_of) >= kKeptConnections) return;
  kept_.push_back({address, std::move(http)});
}

bool HypervisorClients::is_current(const HypervisorAddress& address) const {
  const HypervisorInfo* hypervisor = hypervisors_.find(address.id);
  return hypervisor != nullptr && hypervisor->connection == address.connection;
}

Awaitable<> HypervisorClients::run() {
  while (true) {
    const std::uint64_t seen = hypervisors_.changed().version();
    for (Client* client : clients_) {
      if (!is_current(client->address_)) client->http_->close();
    }
    std::erase_if(kept_, [this](const Kept& kept) { return !is_current(kept.address); });
    co_await hypervisors_.changed().changed_since(seen);
  }
}

}  // namespace am::manager
