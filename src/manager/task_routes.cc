#include "manager/task_routes.h"

#include <array>
#include <charconv>

#include "manager/auth.h"
#include "manager/handlers.h"
#include "manager/http_errors.h"
#include "manager/hypervisor_json.h"
#include "manager/task_json.h"

namespace am::manager {
namespace {

constexpr std::uint32_t kListLimit = 1000;

Result<std::uint32_t> parse_limit(const std::string& text) {
  std::uint32_t limit = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
  if (error != std::errc() || end != text.data() + text.size() || limit < 1 || limit > kListLimit) {
    return fail(ErrorCode::invalid_argument, "limit: must be a number from 1 to {}, not \"{}\"", kListLimit,
                text);
  }
  return limit;
}

Result<storage::TaskFilter> parse_filter(const std::map<std::string, std::string>& query) {
  storage::TaskFilter filter;
  for (const auto& [name, value] : query) {
    if (name == "state") {
      const auto state = parse_task_state(value);
      if (!state) return pass_on(state);
      filter.state = *state;
    } else if (name == "outcome") {
      const auto kind = parse_outcome_kind(value);
      if (!kind) return fail(ErrorCode::invalid_argument, "outcome: {}", kind.error().message);
      filter.outcome = *kind;
    } else if (name == "limit") {
      const auto limit = parse_limit(value);
      if (!limit) return pass_on(limit);
      filter.limit = *limit;
    } else if (name == "applicationId") {
      filter.application_id = value;
    } else if (name == "scriptId") {
      filter.script_id = value;
    } else if (name == "before") {
      filter.before = value;
    }
  }
  return filter;
}

Result<net::Response> start(TaskService& tasks, const net::Request& request) {
  const auto body = parse_json_object("body", request.body);
  if (!body) return pass_on(body);
  StartRequest wanted;
  const std::array<std::pair<const char*, std::string*>, 3> texts{
      {{"scriptId", &wanted.target.script_id},
       {"applicationId", &wanted.target.application_id},
       {"script", &wanted.target.script}}};
  for (const auto& [field, into] : texts) {
    auto text = optional_text(*body, field);
    if (!text) return pass_on(text);
    *into = std::move(*text).value_or(std::string());
  }
  auto params = optional_object(*body, "params");
  if (!params) return pass_on(params);
  wanted.params = *std::move(params);
  const auto pid = tasks.start(identity_of(request).user, wanted);
  if (!pid) return pass_on(pid);
  return json_response(201, json::object{{"pid", *pid}});
}

Result<net::Response> list(TaskService& tasks, const net::Request& request) {
  const auto filter = parse_filter(request.query);
  if (!filter) return pass_on(filter);
  const auto rows = tasks.list(*filter);
  if (!rows) return pass_on(rows);
  json::array array;
  for (const storage::TaskRow& row : *rows) array.push_back(task_json(row));
  return json_response(200, array);
}

Result<net::Response> show(TaskService& tasks, const net::Request& request) {
  const auto row = tasks.show(request.params.at("pid"));
  if (!row) return pass_on(row);
  return json_response(200, task_json(*row));
}

Result<net::Response> stop(TaskService& tasks, const net::Request& request) {
  const std::string& pid = request.params.at("pid");
  const auto progress = tasks.stop(pid, identity_of(request).user.name);
  if (!progress) return pass_on(progress);
  return json_response(*progress == StopProgress::closed ? 200 : 202,
                       json::object{{"pid", pid}, {"message", explain(*progress)}});
}

}  // namespace

void add_task_routes(net::Router& router, TaskService& tasks, Hypervisors& hypervisors, OutputRelay& relay) {
  const std::string all = "/api/v1/tasks";
  const std::string one = all + "/{pid}";
  // Room for params at their limit with everything escaped, and for the rest of the body.
  constexpr std::uint64_t kStartBodyLimit = 2 * TaskService::kParamsLimit;
  router.add({.method = "POST",
              .pattern = all,
              .handler = answering([&](net::Request& r) { return start(tasks, r); }),
              .body_limit = kStartBodyLimit});
  router.add({.method = "GET", .pattern = all, .handler = answering([&](net::Request& r) {
                                                 return list(tasks, r);
                                               })});
  router.add({.method = "GET", .pattern = one, .handler = answering([&](net::Request& r) {
                                                 return show(tasks, r);
                                               })});
  router.add({.method = "POST", .pattern = one + "/stop", .handler = answering([&](net::Request& r) {
                                                            return stop(tasks, r);
                                                          })});
  router.add({.method = "GET",
              .pattern = one + "/output",
              .handler = [&](net::Request& r, net::Responder& w) { return relay.output(r, w); }});
  router.add({.method = "GET",
              .pattern = one + "/output/raw",
              .handler = [&](net::Request& r, net::Responder& w) { return relay.raw(r, w); }});
  router.add({.method = "GET",
              .pattern = "/api/v1/hypervisors",
              .handler = answering([&](net::Request&) -> Result<net::Response> {
                return json_response(200, hypervisors_json(hypervisors, tasks.open()));
              })});
  router.add({.method = "GET",
              .pattern = "/api/v1/venvs",
              .handler = answering([&](net::Request&) -> Result<net::Response> {
                return json_response(200, venvs_json(hypervisors));
              })});
}

}  // namespace am::manager
