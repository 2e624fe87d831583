#include "net/router.h"

#include <algorithm>
#include <stdexcept>

namespace am::net {

namespace {

// "/a/b" -> {"a", "b"}; the first character is "/".
std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    path.remove_prefix(1);
    const auto end = std::min(path.find('/'), path.size());
    segments.push_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return segments;
}

std::string join(const std::vector<std::string>& words) {
  std::string joined;
  for (const auto& word : words) {
    if (!joined.empty()) joined += ", ";
    joined += word;
  }
  return joined;
}

void add_once(std::vector<std::string>& words, const std::string& word) {
  if (std::ranges::find(words, word) == words.end()) words.push_back(word);
}

}  // namespace

Router::Pattern Router::parse(const std::string& pattern) {
  if (!pattern.starts_with('/')) throw std::invalid_argument("route pattern without a leading /: " + pattern);
  Pattern parsed;
  for (const auto text : split(pattern)) {
    if (!parsed.empty() && parsed.back().kind == Segment::Kind::rest) {
      throw std::invalid_argument("route pattern goes on after {name...}: " + pattern);
    }
    if (text.starts_with('{') && text.ends_with("...}")) {
      parsed.push_back({Segment::Kind::rest, std::string(text.substr(1, text.size() - 5))});
    } else if (text.starts_with('{') && text.ends_with('}')) {
      parsed.push_back({Segment::Kind::name, std::string(text.substr(1, text.size() - 2))});
    } else {
      parsed.push_back({Segment::Kind::text, std::string(text)});
    }
  }
  return parsed;
}

bool Router::more_specific(const Pattern& a, const Pattern& b) {
  return std::ranges::lexicographical_compare(a, b, {}, &Segment::kind, &Segment::kind);
}

void Router::add(Route route) {
  auto pattern = parse(route.pattern);
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    if (routes_[i].method == route.method && patterns_[i] == pattern) {
      throw std::invalid_argument("route is there already: " + route.method + " " + route.pattern);
    }
  }
  routes_.push_back(std::move(route));
  patterns_.push_back(std::move(pattern));
  by_rank_.push_back(routes_.size() - 1);
  std::ranges::stable_sort(
      by_rank_, [this](std::size_t a, std::size_t b) { return more_specific(patterns_[a], patterns_[b]); });
}

bool Router::fits(const Pattern& pattern, const std::vector<std::string_view>& path) {
  const bool open_ended = !pattern.empty() && pattern.back().kind == Segment::Kind::rest;
  if (open_ended ? path.size() < pattern.size() : path.size() != pattern.size()) return false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i].kind == Segment::Kind::text && pattern[i].text != path[i]) return false;
    if (pattern[i].kind == Segment::Kind::name && path[i].empty()) return false;
    // The rest is at least one character.
    if (pattern[i].kind == Segment::Kind::rest && i + 1 == path.size() && path[i].empty()) return false;
  }
  return true;
}

bool Router::decode_params(const Pattern& pattern, std::string_view path,
                           const std::vector<std::string_view>& segments, Match& into) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i].kind == Segment::Kind::text) continue;
    const bool rest = pattern[i].kind == Segment::Kind::rest;
    const auto from = static_cast<std::size_t>(segments[i].data() - path.data());
    auto decoded = percent_decode(rest ? path.substr(from) : segments[i]);
    if (!decoded || (!rest && decoded->contains('/'))) return false;
    into.params[pattern[i].text] = std::move(*decoded);
  }
  return true;
}

Router::Match Router::match(std::string_view method, std::string_view path) const {
  Match result;
  if (!path.starts_with('/')) return result;
  const auto segments = split(path);
  const Pattern* taken = nullptr;
  std::vector<std::string> allowed;
  for (const std::size_t place : by_rank_) {
    if (!fits(patterns_[place], segments)) continue;
    const Route& route = routes_[place];
    if (route.method == method) {
      result.route = &route;
      taken = &patterns_[place];
      break;
    }
    if (method == "HEAD" && route.method == "GET" && result.route == nullptr) {
      result.route = &route;
      taken = &patterns_[place];
    }
    add_once(allowed, route.method);
    if (route.method == "GET") add_once(allowed, "HEAD");
  }
  if (result.route != nullptr) {
    result.status = 200;
    if (!decode_params(*taken, path, segments, result)) {
      result.route = nullptr;
      result.params.clear();
      result.status = 400;
    }
    return result;
  }
  if (!allowed.empty()) {
    add_once(allowed, "OPTIONS");
    result.status = 405;
    result.allowed = join(allowed);
  }
  return result;
}

}  // namespace am::net
