// The manager's HTTP connections to hypervisors: kept for the next reader, because a new one costs both sides
// dearly at the moment when a task starts; and ended with the hypervisor's link, because a machine that
// vanished would otherwise keep a reader waiting for ever.
#pragma once

#include <list>
#include <memory>
#include <string>
#include <vector>

#include "manager/hypervisors.h"
#include "net/http_client.h"

namespace am::manager {

// Where to read, copied out of HypervisorInfo because that may go while one waits.
struct HypervisorAddress {
  explicit HypervisorAddress(const HypervisorInfo& info)
      : id(info.id),
        host(info.http_host),
        port(info.http_port),
        token(info.http_token),
        connection(info.connection) {}

  std::string id;
  std::string host;
  std::uint16_t port;
  std::string token;
  std::uint64_t connection;
};

class HypervisorClients {
 public:
  HypervisorClients(asio::any_io_executor executor, Hypervisors& hypervisors)
      : executor_(std::move(executor)), hypervisors_(hypervisors) {}

  // One HTTP connection, for one reader; kept for another where the answer was read whole.
  class Client {
   public:
    Client(HypervisorClients& owner, const HypervisorAddress& address);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    // Sends a GET with the hypervisor's token and reads the head of the answer; read_some() gives its body.
    Awaitable<Result<net::Response>> get(std::string target);
    Awaitable<Result<std::string>> read_some() { return http_->read_some(); }

   private:
    friend class HypervisorClients;
    HypervisorClients& owner_;
    HypervisorAddress address_;
    std::unique_ptr<net::HttpClient> http_;
    std::list<Client*>::iterator place_;
  };

  // Closes the clients of hypervisors that are gone or came back anew; until cancelled.
  Awaitable<> run();
  // Whether the link over which this address was learned still stands.
  [[nodiscard]] bool is_current(const HypervisorAddress& address) const;

 private:
  struct Kept {
    HypervisorAddress address;
    std::unique_ptr<net::HttpClient> http;
  };
  // Of each hypervisor; many readers that end at one moment leave no more.
  static constexpr std::ptrdiff_t kKeptConnections = 4;

  static std::uint64_t connection_of(const Kept& kept);
  std::unique_ptr<net::HttpClient> take(const HypervisorAddress& address);
  void give_back(const HypervisorAddress& address, std::unique_ptr<net::HttpClient> http);

  asio::any_io_executor executor_;
  Hypervisors& hypervisors_;
  std::list<Client*> clients_;
  std::vector<Kept> kept_;  // the one that was used last at the end
};

}  // namespace am::manager
