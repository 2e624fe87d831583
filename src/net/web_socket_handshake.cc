// What a request must look like to become a WebSocket.
#include "net/ascii.h"
#include "net/web_socket.h"

namespace am::net {

namespace {

constexpr std::string_view kVersion = "13";

// Whether a comma-separated header names the token: "keep-alive, Upgrade".
bool names_token(const Headers& headers, std::string_view name, std::string_view token) {
  for (const auto& [field, value] : headers.all()) {
    if (!equal_ignoring_case(field, name)) continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const auto comma = rest.find(',');
      std::string_view item = rest.substr(0, comma);
      rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
      while (item.starts_with(' ') || item.starts_with('\t')) item.remove_prefix(1);
      while (item.ends_with(' ') || item.ends_with('\t')) item.remove_suffix(1);
      if (equal_ignoring_case(item, token)) return true;
    }
  }
  return false;
}

Response refusal(unsigned status, std::string message) {
  Response response;
  response.status = status;
  response.headers.set("Content-Type", "text/plain; charset=utf-8");
  response.body = std::move(message) + "\n";
  return response;
}

}  // namespace

std::optional<Response> refuse_handshake(const Request& request) {
  const auto version = request.headers.find("Sec-WebSocket-Version");
  if (!names_token(request.headers, "Upgrade", "websocket") ||
      !names_token(request.headers, "Connection", "upgrade") || (version && *version != kVersion)) {
    Response response = refusal(426, "a WebSocket is served here: connect with ws:// (RFC 6455)");
    response.headers.set("Upgrade", "websocket");
    response.headers.set("Connection", "Upgrade");
    response.headers.set("Sec-WebSocket-Version", std::string(kVersion));
    return response;
  }
  if (request.method != "GET") return refusal(405, "a WebSocket begins with a GET");
  const auto key = request.headers.find("Sec-WebSocket-Key");
  if (!version || !key || key->size() != 24) {
    return refusal(
        400, "the WebSocket handshake needs Sec-WebSocket-Version and a Sec-WebSocket-Key of 24 characters");
  }
  return std::nullopt;
}

}  // namespace am::net
