#include "cli/endpoint.h"

#include <cstdlib>

#include "base/data_folder.h"
#include "base/files.h"
#include "cli/params.h"

namespace am::cli {
namespace {

constexpr std::uint64_t kEndpointFileLimit = 64 * 1024;

std::string variable(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): no other thread yet
  return value == nullptr ? std::string() : std::string(value);
}

Result<Endpoint> make_endpoint(std::string address, std::string token) {
  auto url = net::parse_url(address);
  if (!url) return pass_on(url);
  return Endpoint{std::move(*url), std::move(address), std::move(token)};
}

Result<Endpoint> endpoint_of_folder(const std::string& folder) {
  const std::string file = folder + "/manager/endpoint.json";
  const auto text = read_file(file, kEndpointFileLimit);
  if (text) return parse_endpoint(file, *text);
  if (text.error().code != ErrorCode::not_found) return pass_on(text);
  return fail(ErrorCode::unavailable,
              "no manager has run with the data folder {}; start one with `am up`, name another folder with "
              "--data DIR, or set AM_URL and AM_TOKEN",
              folder);
}

}  // namespace

Result<Endpoint> parse_endpoint(const std::string& file, std::string_view text) {
  const auto object = parse_object(file, text);
  if (!object) return pass_on(object);
  const auto* url = object->if_contains("url");
  const auto* token = object->if_contains("token");
  if (url == nullptr || !url->is_string() || token == nullptr || !token->is_string()) {
    return fail(ErrorCode::internal, "{}: has no texts \"url\" and \"token\" in it", file);
  }
  return make_endpoint(std::string(url->get_string()), std::string(token->get_string()));
}

Result<Endpoint> find_endpoint(const std::string& data) {
  if (!data.empty()) return endpoint_of_folder(data);
  const std::string address = variable("AM_URL");
  const std::string token = variable("AM_TOKEN");
  if (!address.empty()) {
    if (token.empty()) {
      return fail(ErrorCode::unauthenticated, "AM_URL is set ({}) and AM_TOKEN is not; set both", address);
    }
    auto endpoint = make_endpoint(address, token);
    if (!endpoint) return fail(endpoint.error().code, "AM_URL: {}", endpoint.error().message);
    return endpoint;
  }
  const auto folder = default_data_folder();
  if (!folder) return pass_on(folder);
  auto endpoint = endpoint_of_folder(*folder);
  if (endpoint && !token.empty()) endpoint->token = token;
  return endpoint;
}

}  // namespace am::cli
