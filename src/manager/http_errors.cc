#include "manager/http_errors.h"

#include "manager/utf8.h"
#include "net/http_status.h"

namespace am::manager {

unsigned http_status(ErrorCode code) { return net::http_status(code); }

net::Headers api_headers(std::string content_type) {
  net::Headers headers;
  headers.set("Content-Type", std::move(content_type));
  headers.set("Cache-Control", "no-store");
  headers.set("X-Content-Type-Options", "nosniff");
  return headers;
}

net::Response json_response(unsigned status, const json::value& body) {
  return net::Response{
      .status = status, .headers = api_headers("application/json"), .body = json::serialize(body)};
}

net::Response error_response(const Error& error) { return error_response(http_status(error.code), error); }

net::Response error_response(unsigned status, const Error& error) {
  net::Response response =
      json_response(status, json::object{{"error", json::object{{"code", to_string(error.code)},
                                                                {"message", valid_utf8(error.message)}}}});
  if (status == 401) response.headers.set("WWW-Authenticate", "Bearer");
  return response;
}

}  // namespace am::manager
