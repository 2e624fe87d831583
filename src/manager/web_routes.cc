#include "manager/web_routes.h"

#include "manager/handlers.h"
#include "manager/pages.h"
#include "manager/send_file.h"

namespace am::manager {
namespace {

// Everything comes from this server. Monaco and the component kit set style attributes; Monaco makes its
// workers from blobs; icons and fonts of both are data URLs.
constexpr const char* kContentSecurityPolicy =
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; "
    "connect-src 'self'; img-src 'self' data: blob:; font-src 'self' data:; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

// A name with the content's hash in it never means other content.
constexpr const char* kForever = "public, max-age=31536000, immutable";
constexpr const char* kAskAgain = "no-cache";

net::Headers web_headers(const WebFile& file, const char* cache_control) {
  net::Headers headers;
  headers.set("Content-Type", file.content_type);
  if (!file.encoding.empty()) headers.set("Content-Encoding", file.encoding);
  headers.set("Vary", "Accept-Encoding");
  headers.set("ETag", file.etag);
  headers.set("Cache-Control", cache_control);
  headers.set("Content-Security-Policy", kContentSecurityPolicy);
  headers.set("X-Content-Type-Options", "nosniff");
  headers.set("Referrer-Policy", "no-referrer");
  headers.set("Cross-Origin-Opener-Policy", "same-origin");
  return headers;
}

struct WebSender {
  const WebFiles& files;
  BlockingPool& pool;
};

Awaitable<> send(const WebSender& sender, std::string path, const char* cache_control,
                 const net::Request& request, net::Responder& responder) {
  const std::string accepted(request.headers.find("Accept-Encoding").value_or(""));
  auto file = co_await sender.pool.run([&] { return sender.files.open(path, accepted); });
  if (!file) {
    co_await respond(responder, pass_on(file));
    co_return;
  }
  net::Headers headers = web_headers(*file, cache_control);
  if (names_tag(request.headers.find("If-None-Match").value_or(""), file->etag)) {
    net::Response unchanged{.status = 304, .headers = std::move(headers), .body = {}};
    co_await responder.respond(std::move(unchanged));
    co_return;
  }
  co_await send_file(responder, sender.pool, file->fd, file->size, std::move(headers));
}

Awaitable<> send_index(const WebSender& sender, const net::Request& request, net::Responder& responder) {
  const bool built = co_await sender.pool.run([&] { return sender.files.built(); });
  if (!built) {
    net::Response page = page_without_ide(sender.files.folder());
    co_await responder.respond(std::move(page));
    co_return;
  }
  std::string index = "index.html";
  co_await send(sender, std::move(index), kAskAgain, request, responder);
}

}  // namespace

void add_web_routes(net::Router& router, const WebFiles& files, BlockingPool& pool) {
  const auto sender = std::make_shared<WebSender>(files, pool);
  router.add(
      {.method = "GET",
       .pattern = "/",
       .handler = [sender](net::Request& request,
                           net::Responder& responder) { return send_index(*sender, request, responder); },
       .public_access = true});
  router.add({.method = "GET",
              .pattern = "/assets/{path...}",
              .handler =
                  [sender](net::Request& request, net::Responder& responder) {
                    return send(*sender, "assets/" + request.params.at("path"), kForever, request, responder);
                  },
              .public_access = true});
  router.add({.method = "GET",
              .pattern = "/{file}",
              .handler =
                  [sender](net::Request& request, net::Responder& responder) {
                    return send(*sender, request.params.at("file"), kAskAgain, request, responder);
                  },
              .public_access = true});
}

}  // namespace am::manager
