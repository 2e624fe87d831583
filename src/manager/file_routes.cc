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
  std::string temporary_folder;
};

// ?archive=zip|tar.gz: a folder with everything in it.
Awaitable<> send_folder(const FileSender& sender, const storage::Application& application,
                        const net::Request& request, net::Responder& responder) {
  const auto format = parse_archive_format("archive", request.query.at("archive"));
  if (!format) {
    co_await respond(responder, pass_on(format));
    co_return;
  }
  const std::string& path = request.params.at("path");
  const auto archive = co_await sender.content.archive(application, path, *format, sender.temporary_folder);
  if (!archive) {
    co_await respond(responder, pass_on(archive));
    co_return;
  }
  net::Headers headers = api_headers(std::string(content_type_of(*format)));
  headers.set("Content-Disposition",
              attachment(fmt::format("{}.{}", archive->info.path, to_string(*format))));
  co_await send_file(responder, sender.pool, archive->fd, archive->info.size, std::move(headers));
}

Awaitable<> send(const FileSender& sender, net::Request& request, net::Responder& responder) {
  const auto application = sender.store.get(request.params.at("id"));
  if (!application) {
    co_await respond(responder, pass_on(application));
    co_return;
  }
  if (request.query.contains("archive")) {
    co_await send_folder(sender, *application, request, responder);
    co_return;
  }
  const auto file = co_await sender.content.open(*application, request.params.at("path"));
  if (!file) {
    co_await respond(responder, pass_on(file));
    co_return;
  }
  // Never as a page: the content belongs to the user, the address to the platform.
  net::Headers headers = api_headers("application/octet-stream");
  const std::string& path = file->info.path;
  headers.set("Content-Disposition", attachment(path.substr(path.rfind('/') + 1)));
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

}  // namespace

void add_file_routes(net::Router& router, storage::ApplicationStore& store, ApplicationContent& content,
                     BlockingPool& pool, std::string temporary_folder) {
  const std::string application = "/api/v1/applications/{id}";
  const std::string file = application + "/files/{path...}";
  router.add({.method = "GET",
              .pattern = application + "/files",
              .handler = answering_later([&](net::Request& r) { return list(store, content, r); })});
  const auto sender = std::make_shared<FileSender>(store, content, pool, std::move(temporary_folder));
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
}

}  // namespace am::manager
