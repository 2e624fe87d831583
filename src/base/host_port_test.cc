#include "base/host_port.h"

#include <gmock/gmock.h>

namespace am {
namespace {

using testing::HasSubstr;

TEST(HostPort, ReadsAndWritesAddresses) {
  EXPECT_EQ(parse_host_port("--listen", "127.0.0.1:8080"), (HostPort{"127.0.0.1", 8080}));
  EXPECT_EQ(parse_host_port("--listen", "localhost:0"), (HostPort{"localhost", 0}));
  EXPECT_EQ(parse_host_port("--listen", "[::1]:65535"), (HostPort{"::1", 65535}));
  EXPECT_EQ(to_string(HostPort{"::1", 80}), "[::1]:80");
  EXPECT_EQ(to_string(HostPort{"0.0.0.0", 80}), "0.0.0.0:80");
}

TEST(HostPort, NamesWhatIsWrong) {
  for (const char* text :
       {"", "8080", "host", ":80", "host:", "host:65536", "host:-1", "host:80x", "::1:80"}) {
    const auto refused = parse_host_port("--listen", text);
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
    EXPECT_THAT(refused.error().message, HasSubstr("--listen"));
    EXPECT_THAT(refused.error().message, HasSubstr(text));
  }
}

}  // namespace
}  // namespace am
