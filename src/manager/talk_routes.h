// Messages to tasks, and what a running task uses.
#pragma once

#include "manager/hypervisor_clients.h"
#include "manager/task_messages.h"
#include "manager/task_service.h"
#include "net/router.h"

namespace am::manager {

void add_talk_routes(net::Router& router, TaskService& tasks, TaskMessages& messages,
                     Hypervisors& hypervisors, HypervisorClients& clients);

}  // namespace am::manager
