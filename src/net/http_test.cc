#include "net/http.h"

#include <gtest/gtest.h>

#include "net/http_client.h"
#include "net/request_target.h"
#include "net/response_head.h"

namespace am::net {
namespace {

using Query = std::map<std::string, std::string>;

TEST(Headers, CompareNamesWithoutCaseAndKeepTheOrder) {
  Headers headers;
  headers.add("Set-Cookie", "a=1");
  headers.add("X-Id", "7");
  headers.add("set-cookie", "b=2");
  EXPECT_EQ(headers.find("SET-COOKIE"), "a=1");
  EXPECT_EQ(headers.find("Cookie"), std::nullopt);
  headers.set("Set-cookie", "c=3");
  ASSERT_EQ(headers.all().size(), 2U);
  EXPECT_EQ(headers.all().front().first, "X-Id");
  EXPECT_EQ(headers.find("set-cookie"), "c=3");
}

TEST(PercentCoding, DecodesAndRefusesWhatIsBroken) {
  EXPECT_EQ(percent_decode("a%20b%2F%e2%82%AC+").value(), "a b/\u20ac+");
  EXPECT_EQ(percent_decode("%2e%2e").value(), "..");
  for (const auto* broken : {"%", "%4", "a%zz", "%0", "%00", "x%2"}) {
    const auto decoded = percent_decode(broken);
    ASSERT_FALSE(decoded) << broken;
    EXPECT_EQ(decoded.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(decoded.error().message.find(broken), std::string::npos);
  }
}

TEST(PercentCoding, EncodesAllButUnreservedCharacters) {
  EXPECT_EQ(percent_encode("a/b c~\u20ac"), "a%2Fb%20c~%E2%82%AC");
  EXPECT_EQ(percent_encode("a/b c", true), "a/b%20c");
  std::string every;
  for (int c = 1; c < 256; ++c) every.push_back(static_cast<char>(c));
  EXPECT_EQ(percent_decode(percent_encode(every)).value(), every);
}

TEST(RequestTarget, SplitsPathAndQuery) {
  const auto plain = parse_target("/a%2Fb?x=1&y=a+b%2B&x=2&flag&=none").value();
  EXPECT_EQ(plain.path, "/a%2Fb");
  EXPECT_EQ(plain.query, (Query{{"x", "2"}, {"y", "a b+"}, {"flag", ""}, {"", "none"}}));
  EXPECT_EQ(parse_target("http://host:80/p?q=1").value().path, "/p");
  EXPECT_EQ(parse_target("HTTP://host").value().path, "/");
  EXPECT_EQ(parse_target("http://host?q=1").value().query, (Query{{"q", "1"}}));
  EXPECT_EQ(parse_target("*").value().path, "*");
  EXPECT_FALSE(parse_target("host:443"));
  EXPECT_FALSE(parse_target("relative"));
  EXPECT_FALSE(parse_target("/p?q=%zz"));
}

TEST(ResponseHead, RefusesAHeaderThatWouldSplitTheAnswer) {
  std::string text;
  EXPECT_THROW(append_header(text, "X", "a\r\nSet-Cookie: b"), std::invalid_argument);
  EXPECT_THROW(append_header(text, "X Y", "a"), std::invalid_argument);
  EXPECT_THROW(append_header(text, "", "a"), std::invalid_argument);
  append_header(text, "X", "caf\u00e9\t1");
  EXPECT_EQ(text, "X: caf\u00e9\t1\r\n");
}

TEST(Url, TakesHttpAddressesOnly) {
  const auto plain = parse_url("http://127.0.0.1:8080/prefix/").value();
  EXPECT_EQ(plain.host, "127.0.0.1");
  EXPECT_EQ(plain.port, 8080);
  EXPECT_EQ(plain.path_prefix, "/prefix");
  const auto bare = parse_url("http://example").value();
  EXPECT_EQ(bare.port, 80);
  EXPECT_EQ(bare.path_prefix, "");
  EXPECT_EQ(parse_url("http://[::1]:9").value().host, "::1");
  for (const auto* wrong :
       {"", "8080", "127.0.0.1:8080", "https://host", "http://", "http://host:99999", "http://host:0",
        "http://user@host", "http://host/?q", "http://host/#f", "http://a b"}) {
    const auto url = parse_url(wrong);
    ASSERT_FALSE(url) << wrong;
    EXPECT_NE(url.error().message.find(wrong), std::string::npos);
  }
}

}  // namespace
}  // namespace am::net
