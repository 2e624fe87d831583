#include "manager/hypervisor_clients.h"

namespace am::manager {

HypervisorClients::Client::Client(HypervisorClients& owner, const HypervisorAddress& address)
    : owner_(owner),
      address_(address),
      http_(owner.executor_, address.host, address.port),
      place_(owner.clients_.insert(owner.clients_.end(), this)) {}

HypervisorClients::Client::~Client() { owner_.clients_.erase(place_); }

Awaitable<Result<net::Response>> HypervisorClients::Client::get(std::string target) {
  net::Headers headers;
  headers.set("Authorization", "Bearer " + address_.token);
  return http_.open("GET", std::move(target), std::move(headers), {});
}

bool HypervisorClients::is_current(const HypervisorAddress& address) const {
  const HypervisorInfo* hypervisor = hypervisors_.find(address.id);
  return hypervisor != nullptr && hypervisor->connection == address.connection;
}

Awaitable<> HypervisorClients::run() {
  while (true) {
    const std::uint64_t seen = hypervisors_.changed().version();
    for (Client* client : clients_) {
      if (!is_current(client->address_)) client->http_.close();
    }
    co_await hypervisors_.changed().changed_since(seen);
  }
}

}  // namespace am::manager
