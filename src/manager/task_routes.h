// /api/v1/tasks, /hypervisors and /venvs.
#pragma once

#include "manager/output_relay.h"
#include "manager/task_service.h"
#include "net/router.h"

namespace am::manager {

// Everything given lives as long as the router.
void add_task_routes(net::Router& router, TaskService& tasks, Hypervisors& hypervisors, OutputRelay& relay);

}  // namespace am::manager
