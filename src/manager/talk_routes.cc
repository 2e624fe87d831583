#include "manager/talk_routes.h"

#include "base/random.h"
#include "manager/handlers.h"
#include "manager/http_errors.h"
#include "net/http_status.h"

namespace am::manager {
namespace {

Result<net::Response> post_message(TaskService& tasks, TaskMessages& messages, const net::Request& request) {
  const std::string& pid = request.params.at("pid");
  const auto task = tasks.find_open(pid);
  if (!task) return pass_on(task);
  // The text itself travels on, so that the task gets every number as it was written.
  if (const auto valid = parse_json("body", request.body); !valid) return pass_on(valid);
  if (const auto posted = messages.post(**task, random_uuid(), request.body); !posted) return pass_on(posted);
  return json_response(202, json::object{{"pid", pid}});
}

// Of a task that does not run: what was measured at its end, and nothing before its start.
net::Response recorded_usage(const storage::TaskRow& row) {
  return json_response(200, json::object{{"cpuSec", row.usage.cpu_sec},
                                         {"memoryMb", 0},
                                         {"memoryPeakMb", row.usage.memory_peak_mb},
                                         {"processes", 0}});
}

Awaitable<Result<net::Response>> usage(TaskService& tasks, Hypervisors& hypervisors,
                                       HypervisorClients& clients, const net::Request& request) {
  const std::string pid = request.params.at("pid");
  const auto row = tasks.get(pid);
  if (!row) co_return pass_on(row);
  if (row->state != TaskState::running) co_return recorded_usage(*row);
  const HypervisorInfo* found = hypervisors.find(row->hypervisor_id);
  if (found == nullptr) {
    co_return fail(ErrorCode::unavailable, "hypervisor {} of task {} is not connected", row->hypervisor_id,
                   pid);
  }
  const HypervisorAddress address(*found);
  HypervisorClients::Client client(clients, address);
  const auto head = co_await client.get("/tasks/" + pid + "/usage");
  if (!head) co_return pass_on(head);
  net::Response response;
  response.status = head->status;
  for (;;) {
    const auto piece = co_await client.read_some();
    if (!piece) co_return pass_on(piece);
    if (piece->empty()) break;
    response.body += *piece;
  }
  if (response.status != 200) {
    // Its end may not have reached this side yet.
    if (response.status == 404 || response.status == 409 || response.status == 410)
      co_return recorded_usage(*row);
    co_return std::unexpected(Error{net::error_code_of(response.status), response.body});
  }
  response.headers = api_headers("application/json");
  co_return response;
}

}  // namespace

void add_talk_routes(net::Router& router, TaskService& tasks, TaskMessages& messages,
                     Hypervisors& hypervisors, HypervisorClients& clients) {
  router.add({.method = "POST",
              .pattern = "/api/v1/tasks/{pid}/messages",
              .handler = answering([&](net::Request& r) { return post_message(tasks, messages, r); }),
              .body_limit = TaskMessages::kMessageLimit});
  router.add(
      {.method = "GET",
       .pattern = "/api/v1/tasks/{pid}/usage",
       .handler = answering_later([&](net::Request& r) { return usage(tasks, hypervisors, clients, r); })});
}

}  // namespace am::manager
