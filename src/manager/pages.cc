#include "manager/pages.h"

#include "manager/forwarded.h"
#include "manager/handlers.h"
#include "manager/http_errors.h"

namespace am::manager {
namespace {

constexpr std::string_view kPage = R"html(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 3rem auto; padding: 0 1rem; color: #1c2430; }}
pre {{ background: #f1f4f8; padding: .8rem 1rem; border-radius: 6px; overflow-x: auto; }}
a {{ color: #0b5cad; }}
</style>
</head>
<body>
{body}
</body>
</html>
)html";

constexpr std::string_view kStatusBody = R"html(<h1>Application Manager {version}</h1>
<p>The server is running. It keeps Python applications and runs their scripts as supervised tasks.</p>
<p>The web IDE is not part of this installation: there is no <code>index.html</code> in {folder}.
<code>./appmanager build</code> builds it, and <code>am manager --web-dir DIR</code> takes it from elsewhere.</p>
<h2>From the command line</h2>
<p>On this machine the command line finds the server through its data folder:</p>
<pre>am app import examples/Manual
am run Manual test.py
am ps
am --help</pre>
<p>On another machine, set <code>AM_URL</code> to this address and <code>AM_TOKEN</code> to a token.</p>
<h2>From a program</h2>
<p>The HTTP API is described by its <a href="api/v1/openapi.json">OpenAPI document</a>;
<a href="healthz">/healthz</a> tells whether the server is healthy.</p>)html";

net::Response page(unsigned status, std::string_view title, const std::string& body) {
  net::Response response{.status = status,
                         .headers = api_headers("text/html; charset=utf-8"),
                         .body = fmt::format(kPage, fmt::arg("title", title), fmt::arg("body", body))};
  response.headers.set(
      "Content-Security-Policy",
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'");
  response.headers.set("Referrer-Policy", "no-referrer");  // the address may hold a code
  return response;
}

std::string escaped(std::string_view text) {
  std::string html;
  for (const char c : text) {
    if (c == '&') {
      html += "&amp;";
    } else if (c == '<') {
      html += "&lt;";
    } else {
      html += c;
    }
  }
  return html;
}

Result<net::Response> sign_in(Auth& auth, const net::Request& request) {
  const auto code = request.query.find("code");
  const auto session = auth.open_session(code == request.query.end() ? std::string() : code->second);
  if (!session && session.error().code == ErrorCode::unauthenticated) {
    return page(
        401, "Sign-in link not valid",
        fmt::format("<h1>Not signed in</h1><p>Sorry, {}. Ask the command line or the API for a new one.</p>",
                    session.error().message));
  }
  if (!session) return pass_on(session);
  net::Response response = page(303, "Signed in", "<p><a href=\"./\">Continue</a></p>");
  response.headers.set("Location", "./");  // relative: right behind any path prefix
  response.headers.set("Set-Cookie", session_cookie(request, *session));
  return response;
}

}  // namespace

net::Response page_without_ide(const std::string& folder) {
  const std::string place = folder.empty() ? "its places" : "<code>" + escaped(folder) + "</code>";
  return page(200, "Application Manager",
              fmt::format(kStatusBody, fmt::arg("version", AM_VERSION), fmt::arg("folder", place)));
}

void add_page_routes(net::Router& router, Auth& auth) {
  router.add({.method = "GET",
              .pattern = "/sign-in",
              .handler = answering([&](net::Request& r) { return sign_in(auth, r); }),
              .public_access = true});
}

}  // namespace am::manager
