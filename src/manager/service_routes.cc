#include "manager/service_routes.h"

#include "base/clock.h"
#include "manager/handlers.h"
#include "manager/http_errors.h"

namespace am::embedded {
extern const std::string_view manager_openapi;  // made by the build from openapi.json
}

namespace am::manager {

std::string_view openapi_document() { return embedded::manager_openapi; }

namespace {

net::Response health(const ServiceProbes& probes, std::int64_t started_us) {
  const auto store = probes.check_store();
  json::object body{{"status", store ? "ok" : "unhealthy"},
                    {"version", AM_VERSION},
                    {"uptimeSec", (monotonic_us() - started_us) / 1'000'000},
                    {"hypervisors", probes.hypervisors()}};
  return json_response(store ? 200 : 503, body);
}

net::Response metrics(const ServiceProbes& probes, std::int64_t started_ms) {
  MetricsPage page;
  page.metric("am_build_info", "gauge", "The product's version.");
  page.sample(1, "version=\"" AM_VERSION "\"");
  add_process_metrics(page, started_ms);
  probes.write_metrics(page);
  return net::Response{
      .status = 200, .headers = api_headers("text/plain; version=0.0.4; charset=utf-8"), .body = page.text()};
}

}  // namespace

void add_service_routes(net::Router& router, ServiceProbes probes) {
  const auto kept = std::make_shared<const ServiceProbes>(std::move(probes));
  const std::int64_t started_us = monotonic_us();
  const std::int64_t started_ms = wall_clock_ms();
  // Monitoring systems look at the root by convention, clients of the API below its prefix.
  for (const std::string prefix : {"", "/api/v1"}) {
    router.add({.method = "GET",
                .pattern = prefix + "/healthz",
                .handler = answering([kept, started_us](net::Request&) -> Result<net::Response> {
                  return health(*kept, started_us);
                }),
                .public_access = true});
    router.add({.method = "GET",
                .pattern = prefix + "/metrics",
                .handler = answering([kept, started_ms](net::Request&) -> Result<net::Response> {
                  return metrics(*kept, started_ms);
                })});
  }
  router.add({.method = "GET",
              .pattern = "/api/v1/openapi.json",
              .handler = answering([](net::Request&) -> Result<net::Response> {
                return net::Response{.status = 200,
                                     .headers = api_headers("application/json"),
                                     .body = std::string(openapi_document())};
              }),
              .public_access = true});
}

}  // namespace am::manager
