#include "hypervisor/bridge_routes.h"

#include <algorithm>

#include "hypervisor/text_answers.h"
#include "net/web_socket.h"

namespace am::hypervisor {
namespace {

class BridgeRoutes {
 public:
  BridgeRoutes(BridgeConnector& bridge, std::vector<std::string> allowed_origins)
      : bridge_(bridge), allowed_origins_(std::move(allowed_origins)) {}

  Awaitable<> connect(net::Request& request, net::Responder& responder) {
    if (const auto problem = check_origin(request)) co_return co_await responder.respond(refusal(*problem));
    // The handshake's own faults first: they need no look at any task.
    if (auto broken = net::refuse_handshake(request))
      co_return co_await responder.respond(std::move(*broken));
    auto target = co_await bridge_.find(request.params["pid"]);
    if (!target) co_return co_await responder.respond(refusal(target.error()));
    const auto way = co_await bridge_.open(*target);
    if (!way) co_return co_await responder.respond(refusal(way.error()));
    const auto socket = co_await responder.upgrade(request);
    if (!socket) co_return;
    co_await bridge_.serve(*std::move(target), *way, socket, request.peer);
  }

 private:
  [[nodiscard]] std::optional<Error> check_origin(const net::Request& request) const {
    const auto origin = request.headers.find("Origin");
    if (!origin) return std::nullopt;
    for (const std::string& allowed : allowed_origins_) {
      if (allowed == "*" || allowed == *origin) return std::nullopt;
    }
    return Error{ErrorCode::forbidden,
                 fmt::format("Origin: \"{}\" is not allowed here; see --allow-origin", *origin)};
  }

  BridgeConnector& bridge_;
  std::vector<std::string> allowed_origins_;
};

}  // namespace

void add_bridge_routes(net::Router& router, BridgeConnector& bridge,
                       std::vector<std::string> allowed_origins) {
  const auto routes = std::make_shared<BridgeRoutes>(bridge, std::move(allowed_origins));
  router.add({.method = "GET",
              .pattern = "/{pid}",
              .handler = [routes](net::Request& request,
                                  net::Responder& responder) { return routes->connect(request, responder); },
              .public_access = true});
}

}  // namespace am::hypervisor
