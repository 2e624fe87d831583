// Health, metrics and the API's own description.
#pragma once

#include <functional>
#include <string_view>

#include "manager/metrics_page.h"
#include "net/router.h"
#include "storage/application_store.h"

namespace am::manager {

// What the parts of the manager tell the monitoring.
struct ServiceProbes {
  // An error makes /healthz answer 503.
  std::function<Result<void>()> check_store;
  // Hypervisors that are connected now; without any, tasks cannot start, which is a state and no fault.
  std::function<std::size_t()> hypervisors;
  std::function<void(MetricsPage&)> write_metrics;
};

void add_service_routes(net::Router& router, ServiceProbes probes);

// src/manager/openapi.json, built into the program.
std::string_view openapi_document();

}  // namespace am::manager
