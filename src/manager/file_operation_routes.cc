#include "manager/file_routes.h"
#include "manager/handlers.h"
#include "manager/http_errors.h"

namespace am::manager {
namespace {

Awaitable<Result<net::Response>> make_folder(ApplicationContent& content, storage::Application application,
                                             std::string path) {
  const auto made = co_await content.make_folder(std::move(application), path);
  if (!made) co_return pass_on(made);
  co_return json_response(201, json::object{{"path", path}});
}

Awaitable<Result<net::Response>> move(ApplicationContent& content, storage::Application application,
                                      std::string from, std::string to) {
  const auto moved = co_await content.move(std::move(application), std::move(from), to);
  if (!moved) co_return pass_on(moved);
  co_return json_response(200, json::object{{"path", to}});
}

Awaitable<Result<net::Response>> copy(ApplicationContent& content, storage::Application application,
                                      std::string from, std::string to) {
  const auto copied = co_await content.copy(std::move(application), std::move(from), to);
  if (!copied) co_return pass_on(copied);
  co_return json_response(200, json::object{{"path", to}});
}

Awaitable<Result<net::Response>> operate(storage::ApplicationStore& store, ApplicationContent& content,
                                         net::Request& request) {
  auto application = store.get(request.params.at("id"));
  if (!application) co_return pass_on(application);
  const auto body = parse_json_object("body", request.body);
  if (!body) co_return pass_on(body);
  const auto operation = required_text(*body, "operation");
  if (!operation) co_return pass_on(operation);
  std::string path = request.params.at("path");
  if (*operation == "createFolder") {
    auto response = co_await make_folder(content, *std::move(application), std::move(path));
    co_return response;
  }
  if (*operation != "move" && *operation != "copy") {
    co_return fail(ErrorCode::invalid_argument,
                   "operation: must be \"move\", \"copy\" or \"createFolder\", not \"{}\"", *operation);
  }
  auto to = required_text(*body, "to");
  if (!to) co_return pass_on(to);
  if (*operation == "move") {
    auto response = co_await move(content, *std::move(application), std::move(path), *std::move(to));
    co_return response;
  }
  auto response = co_await copy(content, *std::move(application), std::move(path), *std::move(to));
  co_return response;
}

}  // namespace

void add_file_operation_routes(net::Router& router, storage::ApplicationStore& store,
                               ApplicationContent& content) {
  router.add({.method = "POST",
              .pattern = "/api/v1/applications/{id}/files/{path...}",
              .handler = answering_later([&](net::Request& r) { return operate(store, content, r); })});
}

}  // namespace am::manager
