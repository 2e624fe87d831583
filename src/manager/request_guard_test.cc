#include "manager/request_guard.h"

#include <gtest/gtest.h>

#include "base/clock.h"
#include "manager/temporary_folder.h"

namespace am::manager {
namespace {

TEST(CheckHost, TakesAddressesAndOwnNames) {
  const std::vector<std::string> own{"build-7", "am.example"};
  for (const auto* host : {"127.0.0.1:8080", "127.0.0.1", "[::1]:8080", "[::1]", "10.0.0.7:80", "localhost",
                           "LocalHost:1", "x.localhost:8080", "build-7:8080", "AM.example"}) {
    EXPECT_TRUE(check_host(host, own).has_value()) << host;
  }
  for (const auto* host : {"evil.example", "evil.example:8080", "localhost.evil.example",
                           "127.0.0.1.evil.example", "am.example.evil.example:80", "", ":8080", "[evil]"}) {
    EXPECT_EQ(check_host(host, own).error().code, ErrorCode::forbidden) << host;
  }
}

TEST(CheckOrigin, MustBeTheSameHostAndPort) {
  EXPECT_TRUE(check_origin("http://127.0.0.1:8080", "127.0.0.1:8080").has_value());
  EXPECT_TRUE(check_origin("http://AM.example", "am.example:80").has_value());
  EXPECT_TRUE(check_origin("https://am.example", "am.example").has_value());
  EXPECT_TRUE(check_origin("https://am.example:443", "am.example").has_value());
  for (const auto* origin :
       {"http://127.0.0.1:8081", "http://evil.example", "null", "", "file://", "127.0.0.1:8080",
        "http://127.0.0.1:8080.evil.example", "http://localhost:8080", "ftp://127.0.0.1:8080"}) {
    EXPECT_EQ(check_origin(origin, "127.0.0.1:8080").error().code, ErrorCode::forbidden) << origin;
  }
}

class RequestGuardTest : public testing::Test {
 protected:
  Result<void> pass(net::Request& request, bool public_access = false) {
    const net::Route route{
        .method = request.method, .pattern = "/", .handler = {}, .public_access = public_access};
    return guard_(route, request);
  }
  net::Request request(const std::string& method) {
    net::Request made{.method = method};
    made.headers.set("Host", "127.0.0.1:8080");
    return made;
  }
  net::Request with_cookie(const std::string& method) {
    net::Request made = request(method);
    made.headers.set("Cookie", "theme=dark; am_session=" + session_);
    return made;
  }

  TemporaryFolder folder_;
  std::unique_ptr<storage::Database> database_ = storage::Database::open(folder_.path() / "am.db").value();
  storage::AccountStore accounts_{*database_};
  storage::User admin_ = accounts_.add_user("admin", "admin").value();
  Auth auth_{accounts_};
  std::string session_ = auth_.open_session(auth_.make_sign_in_code(admin_.id).value()).value();
  RequestGuard guard_{auth_, {}};
};

TEST_F(RequestGuardTest, ABearerTokenSaysWho) {
  ASSERT_TRUE(accounts_.add_token("the-token", admin_.id, storage::TokenKind::api).has_value());
  for (const auto* value : {"Bearer the-token", "bearer the-token", "BEARER  the-token"}) {
    net::Request good = request("POST");
    good.headers.set("Authorization", value);
    ASSERT_TRUE(pass(good).has_value()) << value;
    EXPECT_EQ(identity_of(good).user, admin_);
    EXPECT_FALSE(identity_of(good).by_cookie);
  }
  for (const auto* value :
       {"Bearer", "Bearer ", "Bearer the-toke", "Basic the-token", "the-token", "Bearer the-token x"}) {
    net::Request bad = request("GET");
    bad.headers.set("Authorization", value);
    EXPECT_EQ(pass(bad).error().code, ErrorCode::unauthenticated) << value;
  }
}

TEST_F(RequestGuardTest, WithoutATokenOnlyPublicRoutesAreOpen) {
  net::Request none = request("GET");
  EXPECT_EQ(pass(none).error().code, ErrorCode::unauthenticated);
  EXPECT_TRUE(pass(none, true).has_value());
}

TEST_F(RequestGuardTest, ABadTokenIsNotHealedByACookie) {
  net::Request both = with_cookie("GET");
  both.headers.set("Authorization", "Bearer wrong");
  EXPECT_EQ(pass(both).error().code, ErrorCode::unauthenticated);
}

TEST_F(RequestGuardTest, ACookieChangesNothingWithoutAnOriginOfOurs) {
  net::Request read = with_cookie("GET");
  ASSERT_TRUE(pass(read).has_value());
  EXPECT_TRUE(identity_of(read).by_cookie);
  for (const auto* method : {"POST", "PUT", "PATCH", "DELETE"}) {
    net::Request change = with_cookie(method);
    EXPECT_EQ(pass(change).error().code, ErrorCode::forbidden) << method;
    change.headers.set("Origin", "http://127.0.0.1:8080");
    EXPECT_TRUE(pass(change).has_value()) << method;
  }
}

TEST_F(RequestGuardTest, ForeignHostsAndOriginsAreRefusedEverywhere) {
  net::Request foreign = request("GET");
  foreign.headers.set("Origin", "http://evil.example");
  EXPECT_EQ(pass(foreign, true).error().code, ErrorCode::forbidden);
  net::Request rebound = request("GET");
  rebound.headers.set("Host", "evil.example:8080");
  EXPECT_EQ(pass(rebound, true).error().code, ErrorCode::forbidden);
  net::Request nameless{.method = "GET"};
  EXPECT_EQ(pass(nameless, true).error().code, ErrorCode::invalid_argument);
}

TEST_F(RequestGuardTest, ASignInCodeIsGoodOnceAndASessionEnds) {
  const std::string code = auth_.make_sign_in_code(admin_.id).value();
  EXPECT_TRUE(auth_.open_session(code).has_value());
  EXPECT_EQ(auth_.open_session(code).error().code, ErrorCode::unauthenticated);
  EXPECT_EQ(auth_.open_session("").error().code, ErrorCode::unauthenticated);
  net::Request request = with_cookie("GET");
  ASSERT_TRUE(auth_.close_session(request).has_value());
  EXPECT_EQ(pass(request).error().code, ErrorCode::unauthenticated);
}

}  // namespace
}  // namespace am::manager
