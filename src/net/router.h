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
  std::string method;   // "GET"
  std::string pattern;  // "/api/v1/applications/{id}/files/{path...}"; {name...} matches the rest
  Handler handler;
  std::uint64_t body_limit = 1 << 20;  // bytes; a longer body is answered with 413 before it is read
  bool public_access = false;          // no token needed; the manager's guard reads this
};

// Where several patterns match one path, the more specific wins: text before {name} before {name...}.
class Router {
 public:
  // Throws std::invalid_argument for a pattern that is none or that is there already: a fault of the program.
  void add(Route route);
  [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }

  struct Match {
    const Route* route = nullptr;               // null: see `status`
    std::map<std::string, std::string> params;  // decoded; each {name} is one path segment without "/"
    unsigned status = 404;                      // 404, 405 (path known, method not), 400 (broken escape)
    std::string allowed;                        // the Allow header of a 405
  };
  // HEAD is taken by a GET route where it has none of its own.
  [[nodiscard]] Match match(std::string_view method, std::string_view path) const;

 private:
  struct Segment {
    enum class Kind { text, name, rest } kind;
    std::string text;  // or the name
    bool operator==(const Segment&) const = default;
  };
  using Pattern = std::vector<Segment>;
  static Pattern parse(const std::string& pattern);
  static bool more_specific(const Pattern& a, const Pattern& b);
  static bool fits(const Pattern& pattern, const std::vector<std::string_view>& path);
  static bool decode_params(const Pattern& pattern, std::string_view path,
                            const std::vector<std::string_view>& segments, Match& into);

  std::vector<Route> routes_;
  std::vector<Pattern> patterns_;     // of the route at the same place
  std::vector<std::size_t> by_rank_;  // places, the most specific pattern first
};

}  // namespace am::net
