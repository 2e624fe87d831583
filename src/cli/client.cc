#include "cli/client.h"

#include <array>
#include <utility>

#include "jsontext/parse.h"
#include "net/http_status.h"

namespace am::cli {
namespace {

// Deeper than the parameters of a task may be, which an answer holds.
constexpr std::size_t kAnswerDepth = 200;

constexpr std::array kCodes = {ErrorCode::invalid_argument,
                               ErrorCode::unauthenticated,
                               ErrorCode::forbidden,
                               ErrorCode::not_found,
                               ErrorCode::already_exists,
                               ErrorCode::conflict,
                               ErrorCode::gone,
                               ErrorCode::too_large,
                               ErrorCode::precondition_failed,
                               ErrorCode::unavailable,
                               ErrorCode::resource_exhausted};

// The server's own {"error":{"code","message"}}; null for a body of another form.
const json::object* error_object(const json::value& body) {
  if (!body.is_object()) return nullptr;
  const auto* error = body.get_object().if_contains("error");
  return error != nullptr && error->is_object() ? &error->get_object() : nullptr;
}

std::string text_of(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

ErrorCode error_code_of(std::string_view word, unsigned status) {
  for (const ErrorCode code : kCodes) {
    if (to_string(code) == word) return code;
  }
  return net::error_code_of(status);
}

Client::Client(Endpoint endpoint) : endpoint_(std::move(endpoint)), http_(connection()) {}

Client::~Client() = default;

std::unique_ptr<net::HttpClient> Client::connection() {
  return std::make_unique<net::HttpClient>(loop_.get_executor(), endpoint_.url.host, endpoint_.url.port);
}

std::string Client::target(std::string_view path) const {
  return fmt::format("{}/api/v1{}", endpoint_.url.path_prefix, path);
}

net::Headers Client::headers() const {
  net::Headers headers;
  headers.set("Authorization", "Bearer " + endpoint_.token);
  headers.set("Accept", "application/json");
  return headers;
}

Error Client::error_of(const net::Response& response) const {
  boost::system::error_code malformed;
  const json::value body = json::parse(response.body, malformed);
  if (const json::object* error = malformed ? nullptr : error_object(body)) {
    return Error{error_code_of(text_of(*error, "code"), response.status), text_of(*error, "message")};
  }
  return Error{error_code_of("", response.status), fmt::format("{} answered with status {}; is it a manager?",
                                                               endpoint_.address, response.status)};
}

Error Client::unreachable(const Error& cause) const {
  return Error{ErrorCode::unavailable,
               fmt::format("no manager answers at {} ({}); start one with `am up`, or say where it is with "
                           "AM_URL and AM_TOKEN or --data DIR",
                           endpoint_.address, cause.message)};
}

Awaitable<Result<net::Response>> Client::send(std::string method, std::string path, std::string content_type,
                                              std::string body) {
  net::Headers fields = headers();
  if (!body.empty()) fields.set("Content-Type", std::move(content_type));
  std::string where = target(path);
  auto response =
      co_await http_->fetch(std::move(method), std::move(where), std::move(fields), std::move(body));
  if (!response) {
    if (response.error().code != ErrorCode::unavailable) co_return response;
    co_return std::unexpected(unreachable(response.error()));
  }
  if (response->status >= 400) co_return std::unexpected(error_of(*response));
  co_return response;
}

Result<json::value> Client::call(std::string method, std::string path, json::value body) {
  std::string text = body.is_null() ? std::string() : json::serialize(body);
  const auto response =
      wait_for(send(std::move(method), std::move(path), "application/json", std::move(text)));
  if (!response) return pass_on(response);
  if (response->body.empty()) return json::value();
  ParsedJson answer = parse_json_text(response->body, kAnswerDepth);
  if (answer.error) {
    return fail(ErrorCode::internal, "{} answered with something that is not JSON ({})", endpoint_.address,
                answer.error.message());
  }
  return std::move(answer.value);
}

Result<void> Client::put_bytes(std::string path, std::string bytes) {
  const auto response = wait_for(send("PUT", std::move(path), "application/octet-stream", std::move(bytes)));
  if (!response) return pass_on(response);
  return {};
}

}  // namespace am::cli
