// GET /api/v1/tasks/{pid}/socket: a WebSocket to a task, on whichever hypervisor it runs.
#pragma once

#include <string>

#include "manager/auth.h"
#include "manager/hypervisors.h"
#include "manager/task_service.h"
#include "net/router.h"

namespace am::manager {

// For users (token or session), and for hypervisors with the token that the handshake gave them.
void add_socket_routes(net::Router& router, Auth& auth, TaskService& tasks, Hypervisors& hypervisors,
                       std::string hypervisor_token);

}  // namespace am::manager
