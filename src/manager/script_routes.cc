#include "manager/application_json.h"
#include "manager/file_routes.h"
#include "manager/handlers.h"
#include "manager/http_errors.h"

namespace am::manager {
namespace {

Result<net::Response> list(storage::ApplicationStore& store, const net::Request& request) {
  const auto application = store.get(request.params.at("id"));
  if (!application) return pass_on(application);
  const auto scripts = store.scripts(application->id);
  if (!scripts) return pass_on(scripts);
  json::array array;
  for (const storage::Script& script : *scripts) array.push_back(script_json(script));
  return json_response(200, array);
}

Awaitable<Result<net::Response>> enable(storage::ApplicationStore& store, ApplicationContent& content,
                                        net::Request& request) {
  const auto application = store.get(request.params.at("id"));
  if (!application) co_return pass_on(application);
  const auto script = co_await content.enable_script(*application, request.params.at("path"));
  if (!script) co_return pass_on(script);
  co_return json_response(200, script_json(*script));
}

Awaitable<Result<net::Response>> disable(storage::ApplicationStore& store, ApplicationContent& content,
                                         net::Request& request) {
  const auto application = store.get(request.params.at("id"));
  if (!application) co_return pass_on(application);
  const auto script = co_await content.disable_script(*application, request.params.at("path"));
  if (!script) co_return pass_on(script);
  co_return json_response(200, script_json(*script));
}

}  // namespace

void add_script_routes(net::Router& router, storage::ApplicationStore& store, ApplicationContent& content) {
  const std::string all = "/api/v1/applications/{id}/scripts";
  const std::string one = all + "/{path...}";
  router.add({.method = "GET", .pattern = all, .handler = answering([&](net::Request& r) {
                                                 return list(store, r);
                                               })});
  router.add({.method = "PUT", .pattern = one, .handler = answering_later([&](net::Request& r) {
                                                 return enable(store, content, r);
                                               })});
  router.add({.method = "DELETE", .pattern = one, .handler = answering_later([&](net::Request& r) {
                                                    return disable(store, content, r);
                                                  })});
}

}  // namespace am::manager
