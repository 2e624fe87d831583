#include "manager/manager.h"

#include <gmock/gmock.h>

#include <set>

#include "base/files.h"
#include "manager/json.h"
#include "manager/service_routes.h"
#include "manager/temporary_folder.h"

namespace am::manager {
namespace {

ManagerOptions options_in(const TemporaryFolder& folder) {
  return ManagerOptions{.data_dir = folder.path(), .listen_port = 0, .ipc_port = 0};
}

// Pages for people are no part of the API.
bool is_documented(const std::string& route) {
  static const std::set<std::string> kPages = {"GET /", "GET /sign-in", "GET /assets/{path}", "GET /{file}"};
  return !kPages.contains(route);
}

TEST(OpenApi, DescribesExactlyTheRoutes) {
  const TemporaryFolder folder;
  asio::io_context loop(1);
  const auto manager = Manager::create(loop.get_executor(), options_in(folder));
  ASSERT_TRUE(manager.has_value()) << manager.error().message;

  std::set<std::string> routes;
  for (std::string route : (*manager)->route_names()) {
    if (const auto rest = route.find("...}"); rest != std::string::npos) route.erase(rest, 3);
    if (is_documented(route)) routes.insert(route);
  }
  std::set<std::string> documented;
  const json::value document = json::parse(openapi_document());
  for (const auto& path : document.at("paths").as_object()) {
    for (const auto& operation : path.value().as_object()) {
      std::string method(operation.key());
      for (char& c : method) c = static_cast<char>(std::toupper(c));
      documented.insert(method + " " + std::string(path.key()));
    }
  }
  EXPECT_EQ(routes, documented);
}

TEST(Manager, KeepsItsTokenAndItsFolderToItself) {
  const TemporaryFolder folder;
  std::string token;
  {
    asio::io_context loop(1);
    const auto manager = Manager::create(loop.get_executor(), options_in(folder));
    ASSERT_TRUE(manager.has_value()) << manager.error().message;
    token = (*manager)->endpoint().token;
    EXPECT_EQ(read_file(folder.path() / "manager/token").value(), token + "\n");
    const auto second = Manager::create(loop.get_executor(), options_in(folder));
    ASSERT_FALSE(second.has_value());
    EXPECT_EQ(second.error().code, ErrorCode::conflict);
    EXPECT_THAT(second.error().message, testing::HasSubstr("another manager (process "));
  }
  asio::io_context loop(1);
  const auto again = Manager::create(loop.get_executor(), options_in(folder));
  ASSERT_TRUE(again.has_value()) << again.error().message;
  EXPECT_EQ((*again)->endpoint().token, token);
  using std::filesystem::perms;
  const std::filesystem::path data = folder.path();
  for (const auto& secret : {data / "secret", data / "manager/token", data / "manager"}) {
    const auto mode = std::filesystem::status(secret).permissions();
    EXPECT_EQ(mode & (perms::group_all | perms::others_all), perms::none) << secret;
  }
}

TEST(EndpointFile, IsForItsOwnerOnly) {
  const TemporaryFolder folder;
  const std::string file = folder.path() / "ready";
  ASSERT_TRUE(write_endpoint_file(file, {.url = "http://127.0.0.1:1", .token = "t", .ipc_port = 7}));
  const json::value content = json::parse(read_file(file).value());
  EXPECT_EQ(content.at("url"), "http://127.0.0.1:1");
  EXPECT_EQ(content.at("token"), "t");
  EXPECT_EQ(content.at("ipcPort"), 7);
  EXPECT_TRUE(content.at("managerPid").is_int64());
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(file).permissions(), perms::owner_read | perms::owner_write);
}

}  // namespace
}  // namespace am::manager
