// /api/v1/tasks, /hypervisors and /venvs.
#pragma once

#include "manager/metrics_page.h"
#include "manager/output_relay.h"
#include "manager/task_service.h"
#include "net/router.h"

namespace am::manager {

// Everything given lives as long as the router.
void add_task_routes(net::Router& router, TaskService& tasks, Hypervisors& hypervisors, OutputRelay& relay);

void write_task_metrics(MetricsPage& page, const TaskMetrics& now);

}  // namespace am::manager
