// GET /{pid}: the WebSocket side of the bridge.
#pragma once

#include <string>
#include <vector>

#include "hypervisor/bridge_connector.h"
#include "net/router.h"

namespace am::hypervisor {

// Browsers say where their page comes from (Origin); only these may connect, "*" stands for all. Requests
// without an Origin come from programs and are let in.
void add_bridge_routes(net::Router& router, BridgeConnector& bridge,
                       std::vector<std::string> allowed_origins);

}  // namespace am::hypervisor
