#include "manager/forwarded.h"

#include <gtest/gtest.h>

namespace am::manager {
namespace {

net::Request request_with(const std::vector<std::pair<std::string, std::string>>& headers) {
  net::Request request;
  request.headers.set("Host", "am.example:8080");
  for (const auto& [name, value] : headers) request.headers.set(name, value);
  return request;
}

std::string prefix_of(const std::string& value) {
  return external_prefix(request_with({{"X-Forwarded-Prefix", value}}));
}

TEST(Forwarded, ThePrefixIsAPlainAbsolutePath) {
  EXPECT_EQ(external_prefix(request_with({})), "");
  EXPECT_EQ(prefix_of("/tools/am"), "/tools/am");
  EXPECT_EQ(prefix_of("/tools/am/"), "/tools/am");
  EXPECT_EQ(prefix_of("/"), "");
  for (const auto* value :
       {"tools", "//evil.example", "/a; Domain=x", "/a\"b", "/a b", "/a%3b", "http://x"}) {
    EXPECT_EQ(prefix_of(value), "") << value;
  }
  EXPECT_EQ(prefix_of("/" + std::string(300, 'a')), "");
}

TEST(Forwarded, TheAddressIsTheBrowsers) {
  EXPECT_EQ(external_url(request_with({})), "http://am.example:8080");
  EXPECT_EQ(external_url(request_with({{"X-Forwarded-Proto", "https"}, {"X-Forwarded-Prefix", "/am"}})),
            "https://am.example:8080/am");
  EXPECT_EQ(external_url(request_with({{"X-Forwarded-Proto", "javascript"}})), "http://am.example:8080");
}

TEST(Forwarded, TheCookieBelongsToThePrefix) {
  EXPECT_EQ(session_cookie(request_with({}), "s"),
            "am_session=s; HttpOnly; SameSite=Strict; Path=/; Max-Age=2592000");
  EXPECT_EQ(
      session_cookie(request_with({{"X-Forwarded-Proto", "HTTPS"}, {"X-Forwarded-Prefix", "/am"}}), "s"),
      "am_session=s; HttpOnly; SameSite=Strict; Path=/am; Max-Age=2592000; Secure");
  EXPECT_EQ(session_cookie(request_with({}), ""),
            "am_session=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0");
}

}  // namespace
}  // namespace am::manager
