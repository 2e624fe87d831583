#include "manager/socket_routes.h"

#include "base/random.h"
#include "bridge/relay.h"
#include "manager/handlers.h"
#include "manager/http_errors.h"
#include "manager/hypervisor_clients.h"
#include "net/web_socket.h"

namespace am::manager {
namespace {

using namespace std::chrono_literals;

// How long a connection waits for a task that has no hypervisor yet, or one that is away: below the patience
// of usual clients.
constexpr auto kPlacementPatience = 8s;

class SocketRoutes {
 public:
  SocketRoutes(Auth& auth, TaskService& tasks, Hypervisors& hypervisors, std::string hypervisor_token)
      : auth_(auth), tasks_(tasks), hypervisors_(hypervisors), token_(std::move(hypervisor_token)) {}

  Awaitable<> connect(net::Request& request, net::Responder& responder) {
    if (const auto allowed = check_asker(request); !allowed) {
      co_return co_await responder.respond(error_response(allowed.error()));
    }
    if (auto broken = net::refuse_handshake(request))
      co_return co_await responder.respond(std::move(*broken));
    const std::string pid = request.params.at("pid");
    const auto hypervisor = co_await find(pid);
    if (!hypervisor) co_return co_await responder.respond(error_response(hypervisor.error()));
    auto far =
        co_await net::connect_web_socket(hypervisor->host, hypervisor->port, "/" + pid, net::Headers());
    if (!far) co_return co_await responder.respond(error_response(far.error()));
    const auto near = co_await responder.upgrade(request);
    if (!near) co_return;
    co_await bridge::relay(near, bridge::StreamPtr(std::move(*far)));
  }

 private:
  [[nodiscard]] Result<void> check_asker(const net::Request& request) {
    const auto given = request.headers.find("Authorization");
    if (given && equal_in_constant_time(*given, "Bearer " + token_)) return {};
    const auto identity = auth_.authenticate(request);
    if (!identity) return pass_on(identity);
    return {};
  }

  Awaitable<Result<HypervisorAddress>> find(std::string pid) {
    const auto deadline = std::chrono::steady_clock::now() + kPlacementPatience;
    for (;;) {
      const auto row = tasks_.get(pid);
      if (!row) co_return pass_on(row);
      const auto open = tasks_.open().find(pid);
      if (!open) co_return fail(ErrorCode::gone, "task {} is over", pid);
      const std::uint64_t seen = open->changed.version();
      const HypervisorInfo* found = hypervisors_.find(open->row.hypervisor_id);
      if (found != nullptr) co_return HypervisorAddress(*found);
      // The coming and going of a hypervisor is told to its tasks, too.
      const auto left = deadline - std::chrono::steady_clock::now();
      bool changed = left > std::chrono::steady_clock::duration::zero();
      if (changed) changed = co_await open->changed.changed_since(seen, left);
      if (!changed) {
        co_return fail(ErrorCode::unavailable, "task {} is {} and on no hypervisor that is connected", pid,
                       to_string(open->row.state));
      }
    }
  }

  Auth& auth_;
  TaskService& tasks_;
  Hypervisors& hypervisors_;
  std::string token_;
};

}  // namespace

void add_socket_routes(net::Router& router, Auth& auth, TaskService& tasks, Hypervisors& hypervisors,
                       std::string hypervisor_token) {
  const auto routes = std::make_shared<SocketRoutes>(auth, tasks, hypervisors, std::move(hypervisor_token));
  router.add({.method = "GET",
              .pattern = "/api/v1/tasks/{pid}/socket",
              .handler = [routes](net::Request& request,
                                  net::Responder& responder) { return routes->connect(request, responder); },
              .public_access = true});
}

}  // namespace am::manager
