// HTTP as the layers above see it: plain values and one interface for answers. No Beast type leaves net/.
#pragma once

#include <any>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "loop/awaitable.h"

namespace am::net {

// Header names compare without case; the order of arrival is kept.
class Headers {
 public:
  void set(std::string name, std::string value);  // replaces all of that name
  void add(std::string name, std::string value);
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& all() const { return fields_; }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

struct Request {
  std::string method;                         // "GET"
  std::string target;                         // as sent: "/api/v1/tasks?limit=5"
  std::string path;                           // the target's path, percent-encoding untouched
  std::map<std::string, std::string> query;   // decoded; of a repeated name the last counts
  std::map<std::string, std::string> params;  // what the route's {names} matched, decoded
  Headers headers;
  std::string body;    // whole, within the route's limit
  std::string peer;    // "127.0.0.1:43210"
  std::any principal;  // who asks; the server's guard sets it, the handlers read it
};

struct Response {
  unsigned status = 200;
  Headers headers;
  std::string body;
};

class WebSocket;

// The answer to one request. A handler calls respond() once, or start() and then write() as often as it
// likes. Every function throws boost::system::system_error when the client has gone; the coroutine of a
// handler is cancelled when the client goes while it waits for something else.
class Responder {
 public:
  virtual ~Responder() = default;
  virtual Awaitable<> respond(Response response) = 0;
  // A chunked answer whose end is the handler's return.
  virtual Awaitable<> start(unsigned status, Headers headers) = 0;
  // Returns when the bytes are with the kernel: this is the back-pressure.
  virtual Awaitable<> write(std::string_view bytes) = 0;
  // Instead of an answer: turns the connection into a WebSocket. Refuses a request that asks for none by
  // itself (426, 400), and gives nothing then or when the client has gone: the handler just returns.
  virtual Awaitable<std::shared_ptr<WebSocket>> upgrade(const Request& request) = 0;
  [[nodiscard]] virtual bool started() const = 0;
};

// "%2e%2e" -> ".."; invalid_argument for a broken escape or a NUL.
Result<std::string> percent_decode(std::string_view text);
// Everything but unreserved characters (and "/" where `keep_slash`) as %XX.
std::string percent_encode(std::string_view text, bool keep_slash = false);

}  // namespace am::net
