#include "manager/account_routes.h"

#include "manager/forwarded.h"
#include "manager/handlers.h"
#include "manager/http_errors.h"

namespace am::manager {
namespace {

Result<net::Response> who_am_i(const net::Request& request) {
  const storage::User& user = identity_of(request).user;
  return json_response(200, json::object{{"id", user.id}, {"name", user.name}, {"role", user.role}});
}

Result<net::Response> read_parameters(storage::AccountStore& accounts, const net::Request& request) {
  auto parameters = accounts.general_parameters(identity_of(request).user.id);
  if (!parameters) return pass_on(parameters);
  return net::Response{
      .status = 200, .headers = api_headers("application/json"), .body = *std::move(parameters)};
}

Result<net::Response> store_parameters(storage::AccountStore& accounts, const net::Request& request) {
  const auto parameters = parse_json_object("general parameters", request.body);
  if (!parameters) return pass_on(parameters);
  const std::string text = json::serialize(*parameters);
  auto stored = accounts.set_general_parameters(identity_of(request).user.id, text);
  if (!stored) return pass_on(stored);
  return net::Response{.status = 200, .headers = api_headers("application/json"), .body = text};
}

Result<net::Response> make_sign_in_link(Auth& auth, const net::Request& request) {
  const auto code = auth.make_sign_in_code(identity_of(request).user.id);
  if (!code) return pass_on(code);
  // The name by which the manager was reached is one that the same machine's browser can use too.
  const std::string url = fmt::format("{}/sign-in?code={}", external_url(request), *code);
  return json_response(201, json::object{{"url", url}, {"expiresInSec", Auth::kSignInCodeMs / 1000}});
}

Result<net::Response> sign_out(Auth& auth, const net::Request& request) {
  if (auto closed = auth.close_session(request); !closed) return pass_on(closed);
  net::Response response{.status = 204, .headers = {}, .body = {}};
  response.headers.set("Set-Cookie", session_cookie(request, ""));
  return response;
}

}  // namespace

void add_account_routes(net::Router& router, storage::AccountStore& accounts, Auth& auth) {
  router.add({.method = "GET", .pattern = "/api/v1/me", .handler = answering(who_am_i)});
  router.add({.method = "GET",
              .pattern = "/api/v1/general-parameters",
              .handler = answering([&](net::Request& r) { return read_parameters(accounts, r); })});
  router.add({.method = "PUT",
              .pattern = "/api/v1/general-parameters",
              .handler = answering([&](net::Request& r) { return store_parameters(accounts, r); })});
  router.add({.method = "POST",
              .pattern = "/api/v1/sign-in-links",
              .handler = answering([&](net::Request& r) { return make_sign_in_link(auth, r); })});
  router.add({.method = "POST", .pattern = "/api/v1/sign-out", .handler = answering([&](net::Request& r) {
                                                                 return sign_out(auth, r);
                                                               })});
}

}  // namespace am::manager
