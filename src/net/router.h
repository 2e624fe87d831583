// Which handler takes a request: a table of method and path pattern.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "net/http.h"

namespace am::net {

using Handler = std::function<Awaitable<>(Request&, Responder&)>;

struct Route {
  std::string method;            // "GET"
  std::string pattern;           // "/api/v1/applications/{id}/files/{path...}"; {name...} matches the rest
  Handler handler;
  std::uint64_t body_limit = 1 << 20;  // bytes; a longer body is answered with 413 before it is read
  bool public_access = false;    // no token needed; the manager's guard reads this
};

class Router {
 public:
  void add(Route route);
  [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }

  struct Match {
    const Route* route = nullptr;                // null: see `status`
    std::map<std::string, std::string> params;   // decoded; each {name} is one path segment without "/"
    unsigned status = 404;                       // 404, 405 (path known, method not), 400 (broken escape)
    std::string allowed;                         // the Allow header of a 405
  };
  [[nodiscard]] Match match(std::string_view method, std::string_view path) const;

 private:
  std::vector<Route> routes_;
};

}  // namespace am::net
