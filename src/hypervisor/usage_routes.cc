#include "hypervisor/usage_routes.h"

#include <boost/json.hpp>

#include "hypervisor/text_answers.h"
#include "process/process_tree.h"

namespace am::hypervisor {
namespace {

constexpr double kMegabyte = 1024.0 * 1024.0;

Result<net::Response> usage(Tasks& tasks, const process::CgroupFolders& cgroups, const std::string& pid) {
  const auto task = tasks.find(pid);
  if (!task) return fail(ErrorCode::not_found, "no task {} on this hypervisor", pid);
  if (task->end || task->observer_id == 0) return fail(ErrorCode::conflict, "task {} does not run", pid);
  auto processes = process::members_of_group(cgroups, task->group);
  if (processes.empty())
    processes = process::descendants_of(task->observer_id);  // this machine has no groups
  const process::TreeUsage tree = process::usage_of(processes);
  process::GroupMemory memory = process::memory_of_group(cgroups, task->group);
  if (memory.now == 0) memory.now = process::memory_of(processes);
  memory.peak = std::max(memory.peak, memory.now);
  net::Response response;
  response.headers.set("Content-Type", "application/json");
  response.body = boost::json::serialize(
      boost::json::object{{"cpuSec", tree.cpu_sec},
                          {"memoryMb", static_cast<double>(memory.now) / kMegabyte},
                          {"memoryPeakMb", static_cast<double>(memory.peak) / kMegabyte},
                          {"processes", tree.processes}});
  return response;
}

}  // namespace

void add_usage_routes(net::Router& router, Tasks& tasks, process::CgroupFolders cgroups) {
  router.add({.method = "GET",
              .pattern = "/tasks/{pid}/usage",
              .handler = [&tasks, cgroups = std::move(cgroups)](net::Request& request,
                                                                net::Responder& responder) -> Awaitable<> {
                auto answer = usage(tasks, cgroups, request.params["pid"]);
                return responder.respond(answer ? std::move(*answer) : refusal(answer.error()));
              }});
}

}  // namespace am::hypervisor
