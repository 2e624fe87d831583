#include "manager/web_files.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "base/files.h"
#include "manager/temporary_folder.h"

namespace am::manager {
namespace {

namespace fs = std::filesystem;

class WebFilesTest : public testing::Test {
 protected:
  WebFilesTest() {
    fs::create_directories(web_ / "assets");
    put("index.html", "<!doctype html>");
    put("assets/a-1.js", "plain");
    put("assets/a-1.js.br", "brotli");
    put("assets/a-1.js.gz", "gzipped");
    put("assets/b-2.css", "plain css");
    put("assets/b-2.css.gz", "gzipped css");
    put("../secret", "secret");
  }
  void put(const std::string& path, std::string_view content) {
    ASSERT_TRUE(write_file_atomically(web_ / path, content));
  }
  std::string encoding(const std::string& path, std::string_view accepted) {
    const auto file = files_.open(path, accepted);
    return file ? file->encoding : file.error().message;
  }
  std::string content(const std::string& path, std::string_view accepted = "") {
    const auto file = files_.open(path, accepted);
    if (!file) return file.error().message;
    const auto bytes = read_file(fmt::format("/proc/self/fd/{}", file->fd.get())).value();
    EXPECT_EQ(bytes.size(), file->size);
    return bytes;
  }
  ErrorCode code(const std::string& path) {
    const auto file = files_.open(path, "br, gzip");
    return file ? ErrorCode::internal : file.error().code;
  }

  TemporaryFolder folder_;
  fs::path web_ = folder_.path() / "web";
  WebFiles files_{web_};
};

TEST_F(WebFilesTest, GivesTheBestFormThatTheBrowserTakes) {
  EXPECT_EQ(content("assets/a-1.js", "gzip, deflate, br, zstd"), "brotli");
  EXPECT_EQ(content("assets/a-1.js", "gzip, deflate"), "gzipped");
  EXPECT_EQ(content("assets/a-1.js", "br;q=0, gzip;q=0.5"), "gzipped");
  EXPECT_EQ(content("assets/a-1.js", ""), "plain");
  EXPECT_EQ(content("assets/a-1.js", "identity"), "plain");
  EXPECT_EQ(encoding("assets/a-1.js", "br"), "br");
  EXPECT_EQ(encoding("assets/b-2.css", "br, gzip"), "gzip");
  EXPECT_EQ(encoding("index.html", "br, gzip"), "");
}

TEST_F(WebFilesTest, TheTypeIsOfTheFileNotOfItsForm) {
  EXPECT_EQ(files_.open("assets/a-1.js", "br").value().content_type, "text/javascript; charset=utf-8");
  EXPECT_EQ(files_.open("index.html", "").value().content_type, "text/html; charset=utf-8");
}

TEST_F(WebFilesTest, EveryFormAndEveryVersionHasATagOfItsOwn) {
  const std::string plain = files_.open("assets/a-1.js", "").value().etag;
  const std::string compressed = files_.open("assets/a-1.js", "br").value().etag;
  EXPECT_NE(plain, compressed);
  EXPECT_EQ(plain, files_.open("assets/a-1.js", "").value().etag);
  put("assets/a-1.js", "other");
  EXPECT_NE(plain, files_.open("assets/a-1.js", "").value().etag);
}

TEST_F(WebFilesTest, NothingOutsideIsReached) {
  fs::create_symlink("../secret", web_ / "link");
  fs::create_symlink("../../secret", web_ / "assets/link.js.br");
  for (const auto* path : {"../secret", "assets/../../secret", "/etc/passwd", "link", "assets/link.js", "",
                           ".", "..", "assets", "assets/", "missing", "a\\b"}) {
    EXPECT_EQ(code(path), ErrorCode::not_found) << path;
  }
  EXPECT_EQ(code(std::string("index.html\0", 11)), ErrorCode::not_found);
}

TEST_F(WebFilesTest, AnUpgradeMayReplaceTheFolder) {
  fs::rename(web_, folder_.path() / "old");
  EXPECT_FALSE(files_.built());
  EXPECT_EQ(code("index.html"), ErrorCode::not_found);
  fs::create_directory(web_);
  put("index.html", "new");
  EXPECT_TRUE(files_.built());
  EXPECT_EQ(content("index.html"), "new");
}

TEST(WebFiles, AreNotBuiltWithoutAFolder) { EXPECT_FALSE(WebFiles("").built()); }

TEST(ContentType, IsKnownBySuffix) {
  EXPECT_EQ(content_type_of("a/b.woff2"), "font/woff2");
  EXPECT_EQ(content_type_of("codicon.ttf"), "font/ttf");
  EXPECT_EQ(content_type_of("worker.js"), "text/javascript; charset=utf-8");
  EXPECT_EQ(content_type_of("data.json"), "application/json");
  EXPECT_EQ(content_type_of("strange.xyz"), "application/octet-stream");
  EXPECT_EQ(content_type_of("js"), "application/octet-stream");
}

TEST(AcceptEncoding, IsReadAsTheStandardSays) {
  EXPECT_TRUE(accepts_encoding("gzip, br", "br"));
  EXPECT_TRUE(accepts_encoding(" BR ;q=0.1", "br"));
  EXPECT_TRUE(accepts_encoding("*", "br"));
  EXPECT_TRUE(accepts_encoding("br;q=1.000", "br"));
  EXPECT_FALSE(accepts_encoding("", "br"));
  EXPECT_FALSE(accepts_encoding("brotli", "br"));
  EXPECT_FALSE(accepts_encoding("br;q=0", "br"));
  EXPECT_FALSE(accepts_encoding("br; q=0.000", "br"));
  EXPECT_FALSE(accepts_encoding("br;q=0, *", "br"));
  EXPECT_FALSE(accepts_encoding("*;q=0", "br"));
}

TEST(IfNoneMatch, NamesATag) {
  EXPECT_TRUE(names_tag("\"a\"", "\"a\""));
  EXPECT_TRUE(names_tag("\"x\", W/\"a\"", "\"a\""));
  EXPECT_TRUE(names_tag("*", "\"a\""));
  EXPECT_FALSE(names_tag("\"ab\"", "\"a\""));
  EXPECT_FALSE(names_tag("", "\"a\""));
}

}  // namespace
}  // namespace am::manager
