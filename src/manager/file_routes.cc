#include "manager/file_routes.h"

#include "manager/application_json.h"
#include "manager/handlers.h"
#include "manager/http_errors.h"
#include "manager/send_file.h"

namespace am::manager {
namespace {

constexpr std::uint64_t kFileLimit = 64ULL << 20U;

net::Response no_content() { return net::Response{.status = 204, .headers = {}, .body = {}}; }

Awaitable<Result<net::Response>> list(storage::ApplicationStore& store, ApplicationContent& content,
                                      net::Request& request) {
  const auto application = store.get(request.params.at("id"));
  if (!application) co_return pass_on(application);
  const auto files = co_await content.list(*application);
  if (!files) co_return pass_on(files);
  json::array array;
  array.reserve(files->size());
  for (const ListedFile& file : *files) array.push_back(file_json(file));
  co_return json_response(200, array);
}

struct FileSender {
  storage::ApplicationStore& store;
  ApplicationContent& content;
  BlockingPool& pool;
};

Awaitable<> send(const FileSender& sender, net::Request& request, net::Responder& responder) {
  const auto application = sender.store.get(request.params.at("id"));
  if (!application) {
    co_await respond(responder, pass_on(application));
    co_return;
  }
  const auto file = co_await sender.content.open(*application, request.params.at("path"));
  if (!file) {
    co_await respond(responder, pass_on(file));
    co_return;
  }
  // Never as a page: the content belongs to the user, the address to the platform.
  net::Headers headers = api_headers("application/octet-stream");
  headers.set("Content-Disposition", "attachment");
  headers.set("Cache-Control", "no-cache");
  headers.set("ETag", file->info.etag());
  if (request.headers.find("If-None-Match") == std::optional<std::string_view>(file->info.etag())) {
    net::Response unchanged{.status = 304, .headers = std::move(headers), .body = {}};
    co_await responder.respond(std::move(unchanged));
    co_return;
  }
  co_await send_file(responder, sender.pool, file->fd, file->info.size, std::move(headers));
}

Awaitable<Result<net::Response>> write(storage::ApplicationStore& store, ApplicationContent& content,
                                       net::Request& request) {
  const auto application = store.get(request.params.at("id"));
  if (!application) co_return pass_on(application);
  WriteCondition condition;
  if (const auto tags = request.headers.find("If-Match")) condition.if_match = *tags;
  if (const auto tags = request.headers.find("If-None-Match")) {
    if (*tags != "*") {
      co_return fail(ErrorCode::invalid_argument, "If-None-Match: must be * here, not {}", *tags);
    }
    condition.only_create = true;
  }
  const auto written = co_await content.write(*application, request.params.at("path"),
                                              std::move(request.body), std::move(condition));
  if (!written) co_return pass_on(written);
  auto response = json_response(written->created ? 201 : 200,
                                json::object{{"path", written->info.path}, {"size", written->info.size}});
  response.headers.set("ETag", written->info.etag());
  co_return response;
}

Awaitable<Result<net::Response>> remove(storage::ApplicationStore& store, ApplicationContent& content,
                                        net::Request& request) {
  const auto application = store.get(request.params.at("id"));
  if (!application) co_return pass_on(application);
  const auto removed = co_await content.remove(*application, request.params.at("path"));
  if (!removed) co_return pass_on(removed);
  co_return no_content();
}

Awaitable<Result<net::Response>> make_folder(storage::ApplicationStore& store, ApplicationContent& content,
                                             net::Request& request) {
  const auto application = store.get(request.params.at("id"));
  if (!application) co_return pass_on(application);
  const auto body = parse_json_object("body", request.body);
  if (!body) co_return pass_on(body);
  const auto path = required_text(*body, "path");
  if (!path) co_return pass_on(path);
  const auto made = co_await content.make_folder(*application, *path);
  if (!made) co_return pass_on(made);
  co_return json_response(201, json::object{{"path", *path}});
}

Awaitable<Result<net::Response>> move(storage::ApplicationStore& store, ApplicationContent& content,
                                      net::Request& request) {
  const auto application = store.get(request.params.at("id"));
  if (!application) co_return pass_on(application);
  const auto body = parse_json_object("body", request.body);
  if (!body) co_return pass_on(body);
  const auto from = required_text(*body, "from");
  if (!from) co_return pass_on(from);
  const auto to = required_text(*body, "to");
  if (!to) co_return pass_on(to);
  const auto moved = co_await content.move(*application, *from, *to);
  if (!moved) co_return pass_on(moved);
  co_return json_response(200, json::object{{"path", *to}});
}

}  // namespace

void add_file_routes(net::Router& router, storage::ApplicationStore& store, ApplicationContent& content,
                     BlockingPool& pool) {
  const std::string application = "/api/v1/applications/{id}";
  const std::string file = application + "/files/{path...}";
  router.add({.method = "GET",
              .pattern = application + "/files",
              .handler = answering_later([&](net::Request& r) { return list(store, content, r); })});
  const auto sender = std::make_shared<FileSender>(store, content, pool);
  router.add({.method = "GET",
              .pattern = file,
              .handler = [sender](net::Request& request, net::Responder& responder) {
                return send(*sender, request, responder);
              }});
  router.add({.method = "PUT",
              .pattern = file,
              .handler = answering_later([&](net::Request& r) { return write(store, content, r); }),
              .body_limit = kFileLimit});
  router.add({.method = "DELETE", .pattern = file, .handler = answering_later([&](net::Request& r) {
                                                     return remove(store, content, r);
                                                   })});
  router.add({.method = "POST",
              .pattern = application + "/folders",
              .handler = answering_later([&](net::Request& r) { return make_folder(store, content, r); })});
  router.add({.method = "POST",
              .pattern = application + "/files-move",
              .handler = answering_later([&](net::Request& r) { return move(store, content, r); })});
}

}  // namespace am::manager
