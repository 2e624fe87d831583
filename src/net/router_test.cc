#include "net/router.h"

#include <gtest/gtest.h>

namespace am::net {
namespace {

Router make(std::initializer_list<std::pair<const char*, const char*>> routes) {
  Router router;
  for (const auto& [method, pattern] : routes)
    router.add({.method = method, .pattern = pattern, .handler = {}});
  return router;
}

std::string pattern_of(const Router& router, std::string_view method, std::string_view path) {
  const auto match = router.match(method, path);
  return match.route == nullptr ? std::to_string(match.status) : match.route->pattern;
}

TEST(Router, TakesTheMostSpecificPatternWhateverTheOrder) {
  const auto router = make({{"GET", "/t/{pid...}"},
                            {"GET", "/t/{pid}"},
                            {"GET", "/t/summary"},
                            {"GET", "/t/{pid}/output"},
                            {"GET", "/"}});
  EXPECT_EQ(pattern_of(router, "GET", "/t/summary"), "/t/summary");
  EXPECT_EQ(pattern_of(router, "GET", "/t/7"), "/t/{pid}");
  EXPECT_EQ(pattern_of(router, "GET", "/t/7/output"), "/t/{pid}/output");
  EXPECT_EQ(pattern_of(router, "GET", "/t/7/other"), "/t/{pid...}");
  EXPECT_EQ(pattern_of(router, "GET", "/"), "/");
  for (const auto* unknown : {"/t", "/t/", "//", "", "t/7", "/x"}) {
    EXPECT_EQ(pattern_of(router, "GET", unknown), "404") << unknown;
  }
}

TEST(Router, DecodesParameters) {
  const auto router = make({{"PUT", "/a/{id}/files/{path...}"}, {"PUT", "/b/{name}"}});
  auto match = router.match("PUT", "/a/x%20y/files/dir/a%2Fb%3F.py");
  ASSERT_NE(match.route, nullptr);
  EXPECT_EQ(match.params, (std::map<std::string, std::string>{{"id", "x y"}, {"path", "dir/a/b?.py"}}));
  EXPECT_EQ(pattern_of(router, "PUT", "/a/1/files/"), "404");
  EXPECT_EQ(pattern_of(router, "PUT", "/a//files/x"), "404");
  EXPECT_EQ(pattern_of(router, "PUT", "/b/%zz"), "400");
  EXPECT_EQ(pattern_of(router, "PUT", "/b/%00"), "400");
  EXPECT_EQ(pattern_of(router, "PUT", "/b/x%2Fy"), "400");
}

TEST(Router, TellsAnUnknownPathFromAnUnknownMethod) {
  const auto router = make({{"GET", "/x"}, {"POST", "/x"}, {"DELETE", "/{any}"}});
  const auto match = router.match("PATCH", "/x");
  EXPECT_EQ(match.status, 405U);
  EXPECT_EQ(match.allowed, "GET, HEAD, POST, DELETE, OPTIONS");
  EXPECT_EQ(pattern_of(router, "DELETE", "/x"), "/{any}");
  EXPECT_EQ(pattern_of(router, "GET", "/y/z"), "404");
}

TEST(Router, HeadIsAnsweredByGet) {
  auto router = make({{"GET", "/x"}});
  EXPECT_EQ(router.match("HEAD", "/x").route->method, "GET");
  router.add({.method = "HEAD", .pattern = "/x", .handler = {}});
  EXPECT_EQ(router.match("HEAD", "/x").route->method, "HEAD");
}

TEST(Router, RefusesPatternsThatCannotWork) {
  EXPECT_THROW(make({{"GET", "x"}}), std::invalid_argument);
  EXPECT_THROW(make({{"GET", "/{rest...}/x"}}), std::invalid_argument);
  EXPECT_THROW(make({{"GET", "/{a}"}, {"GET", "/{a}"}}), std::invalid_argument);
}

}  // namespace
}  // namespace am::net
