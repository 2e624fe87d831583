#include "manager/application_routes.h"

#include "manager/application_json.h"
#include "manager/archive_export.h"
#include "manager/handlers.h"
#include "manager/http_errors.h"
#include "manager/send_file.h"

namespace am::manager {
namespace {

constexpr std::uint64_t kArchiveLimit = 64ULL << 20U;

Result<net::Response> list(storage::ApplicationStore& store, const Applications& applications,
                           const net::Request& request) {
  const auto all = store.list();
  if (!all) return pass_on(all);
  const auto name = request.query.find("name");
  json::array array;
  for (const storage::Application& application : *all) {
    if (name != request.query.end() && application.name != name->second) continue;
    array.push_back(application_json(application, applications));
  }
  return json_response(200, array);
}

Awaitable<Result<net::Response>> create(Applications& applications, net::Request& request) {
  const auto body = parse_json_object("body", request.body);
  if (!body) co_return pass_on(body);
  auto name = required_text(*body, "name");
  if (!name) co_return pass_on(name);
  const auto application = co_await applications.create(*std::move(name));
  if (!application) co_return pass_on(application);
  co_return json_response(201, application_json(*application, applications));
}

Awaitable<Result<net::Response>> import(Applications& applications, net::Request& request) {
  const auto name = request.query.find("name");
  if (name == request.query.end()) co_return fail(ErrorCode::invalid_argument, "name: missing in the query");
  if (request.body.empty()) {
    co_return fail(ErrorCode::invalid_argument, "body: empty, must be a tar.gz, tar or zip archive");
  }
  const auto application = co_await applications.import(name->second, std::move(request.body));
  if (!application) co_return pass_on(application);
  co_return json_response(201, application_json(*application, applications));
}

Result<storage::ApplicationChange> read_change(const std::string& text) {
  const auto body = parse_json_object("body", text);
  if (!body) return pass_on(body);
  auto name = optional_text(*body, "name");
  if (!name) return pass_on(name);
  const auto isolation = optional_text(*body, "isolation");
  if (!isolation) return pass_on(isolation);
  if (!*name && !*isolation) return fail(ErrorCode::invalid_argument, "body: neither name nor isolation");
  storage::ApplicationChange change{.name = *std::move(name), .isolation = {}};
  if (*isolation) {
    const auto parsed = parse_task_isolation(**isolation);
    if (!parsed) return pass_on(parsed);
    change.isolation = *parsed;
  }
  return change;
}

Result<net::Response> change(storage::ApplicationStore& store, Applications& applications,
                             const net::Request& request) {
  const std::string& id = request.params.at("id");
  if (auto known = store.get(id); !known) return pass_on(known);
  const auto wanted = read_change(request.body);
  if (!wanted) return pass_on(wanted);
  const auto application = applications.change(id, *wanted);
  if (!application) return pass_on(application);
  return json_response(200, application_json(*application, applications));
}

Awaitable<Result<net::Response>> remove(Applications& applications, net::Request& request) {
  const auto removed = co_await applications.remove(request.params.at("id"));
  if (!removed) co_return pass_on(removed);
  co_return net::Response{.status = 204, .headers = {}, .body = {}};
}

struct Exporter {
  storage::ApplicationStore& store;
  Applications& applications;
  BlockingPool& pool;
  std::string temporary_folder;
};

Awaitable<> send_archive(const Exporter& exporter, net::Request& request, net::Responder& responder) {
  const auto application = exporter.store.get(request.params.at("id"));
  if (!application) {
    co_await respond(responder, pass_on(application));
    co_return;
  }
  std::uint64_t size = 0;
  const auto archive = co_await exporter.pool.run([&]() -> Result<UniqueFd> {
    const auto root = exporter.applications.open_root(*application);
    if (!root) return pass_on(root);
    auto file = export_archive(root->get(), {}, exporter.temporary_folder);
    if (!file) return file;
    const auto info = file_info(file->get(), "archive");
    if (!info) return pass_on(info);
    size = info->size;
    return file;
  });
  if (!archive) {
    co_await respond(responder, pass_on(archive));
    co_return;
  }
  net::Headers headers = api_headers("application/gzip");
  headers.set("Content-Disposition", attachment(application->name + ".tar.gz"));
  co_await send_file(responder, exporter.pool, *archive, size, std::move(headers));
}

}  // namespace

void add_application_routes(net::Router& router, storage::ApplicationStore& store, Applications& applications,
                            BlockingPool& pool, std::string temporary_folder) {
  const std::string all = "/api/v1/applications";
  const std::string one = all + "/{id}";
  router.add({.method = "GET", .pattern = all, .handler = answering([&](net::Request& r) {
                                                 return list(store, applications, r);
                                               })});
  router.add({.method = "POST", .pattern = all, .handler = answering_later([&](net::Request& r) {
                                                  return create(applications, r);
                                                })});
  router.add({.method = "POST",
              .pattern = "/api/v1/imports",
              .handler = answering_later([&](net::Request& r) { return import(applications, r); }),
              .body_limit = kArchiveLimit});
  router.add(
      {.method = "GET", .pattern = one, .handler = answering([&](net::Request& r) -> Result<net::Response> {
                                          const auto application = store.get(r.params.at("id"));
                                          if (!application) return pass_on(application);
                                          return json_response(200,
                                                               application_json(*application, applications));
                                        })});
  router.add({.method = "PATCH", .pattern = one, .handler = answering([&](net::Request& r) {
                                                   return change(store, applications, r);
                                                 })});
  router.add({.method = "DELETE", .pattern = one, .handler = answering_later([&](net::Request& r) {
                                                    return remove(applications, r);
                                                  })});
  const auto exporter = std::make_shared<Exporter>(store, applications, pool, std::move(temporary_folder));
  router.add({.method = "GET",
              .pattern = one + "/archive",
              .handler = [exporter](net::Request& request, net::Responder& responder) {
                return send_archive(*exporter, request, responder);
              }});
}

}  // namespace am::manager
