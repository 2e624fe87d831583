#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <gmock/gmock.h>

#include <fstream>

#include "base/files.h"
#include "manager/archive_export.h"
#include "manager/archive_import.h"
#include "manager/archive_locale.h"
#include "manager/temporary_folder.h"

namespace am::manager {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

struct Member {
  std::string path;
  std::string content;
  int mode = 0644;
  unsigned type = AE_IFREG;
  std::string hardlink;
};

enum class Format { tar, tar_gz, zip };

std::string pack(const std::vector<Member>& members, Format format = Format::tar_gz) {
  const Utf8Locale locale;
  std::string bytes(64U << 20U, '\0');
  std::size_t used = 0;
  ::archive* writer = ::archive_write_new();
  if (format == Format::zip) {
    ::archive_write_set_format_zip(writer);
  } else {
    ::archive_write_set_format_pax_restricted(writer);
    if (format == Format::tar_gz) ::archive_write_add_filter_gzip(writer);
  }
  EXPECT_EQ(::archive_write_open_memory(writer, bytes.data(), bytes.size(), &used), ARCHIVE_OK);
  for (const Member& member : members) {
    archive_entry* entry = ::archive_entry_new();
    ::archive_entry_set_pathname(entry, member.path.c_str());
    ::archive_entry_set_filetype(entry, member.type);
    ::archive_entry_set_perm(entry, static_cast<mode_t>(member.mode));
    ::archive_entry_set_size(entry, static_cast<la_int64_t>(member.content.size()));
    if (member.type == AE_IFLNK) ::archive_entry_set_symlink(entry, "/etc/passwd");
    if (!member.hardlink.empty()) ::archive_entry_set_hardlink(entry, member.hardlink.c_str());
    EXPECT_EQ(::archive_write_header(writer, entry), ARCHIVE_OK);
    ::archive_write_data(writer, member.content.data(), member.content.size());
    ::archive_entry_free(entry);
  }
  ::archive_write_close(writer);
  ::archive_write_free(writer);
  bytes.resize(used);
  return bytes;
}

class ArchiveTest : public testing::Test {
 protected:
  ArchiveTest() {
    fs::create_directory(application_);
    root_ = open_folder(application_).value();
  }
  Result<ImportedFiles> import(const std::string& bytes, const ImportLimits& limits = {}) {
    return import_archive(root_.get(), bytes, limits);
  }
  std::string refusal(const std::vector<Member>& members, ErrorCode code = ErrorCode::invalid_argument,
                      const ImportLimits& limits = {}) {
    const auto imported = import(pack(members), limits);
    EXPECT_FALSE(imported.has_value());
    if (imported) return "";
    EXPECT_EQ(imported.error().code, code) << imported.error().message;
    return imported.error().message;
  }

  TemporaryFolder folder_;
  fs::path application_ = folder_.path() / "app";
  UniqueFd root_;
};

TEST_F(ArchiveTest, ImportsEveryFormat) {
  const std::vector<Member> members{{"./", "", 0755, AE_IFDIR, {}},
                                    {"run.py", "print(1)\n", 0755},
                                    {"package/", "", 0755, AE_IFDIR, {}},
                                    {"package/имя.py3", "x", 0700},
                                    {"data.bin", std::string(100'000, '\xff'), 0755},
                                    {"lib.py", "y"}};
  for (const Format format : {Format::tar, Format::tar_gz, Format::zip}) {
    const auto imported = import(pack(members, format));
    ASSERT_TRUE(imported.has_value()) << imported.error().message;
    EXPECT_THAT(imported->executable_scripts, UnorderedElementsAre("run.py", "package/имя.py3"));
    EXPECT_EQ(read_file(application_ / "package/имя.py3").value(), "x");
    EXPECT_EQ(read_file(application_ / "data.bin").value(), std::string(100'000, '\xff'));
    EXPECT_EQ(fs::status(application_ / "lib.py").permissions() & fs::perms::owner_exec, fs::perms::none);
    for (const auto& entry : fs::directory_iterator(application_)) fs::remove_all(entry.path());
  }
}

TEST_F(ArchiveTest, ImportsWhatWasExported) {
  ASSERT_TRUE(
      import(pack({{"a/b/имя.py", "print()", 0755}, {"empty/", "", 0755, AE_IFDIR, {}}, {"c.txt", ""}})));
  for (const ArchiveFormat format : {ArchiveFormat::tar_gz, ArchiveFormat::zip}) {
    for (const std::string top : {"", "папка"}) {
      const auto archive = export_archive(root_.get(), {.format = format, .top_folder = top}, folder_.path());
      ASSERT_TRUE(archive.has_value()) << archive.error().message;
      const std::string bytes = read_file(fmt::format("/proc/self/fd/{}", archive->get())).value();

      const fs::path target = folder_.path() / random_letters(8);
      fs::create_directory(target);
      const UniqueFd root = open_folder(target).value();
      const auto imported = import_archive(root.get(), bytes, ImportLimits{});
      ASSERT_TRUE(imported.has_value()) << imported.error().message;
      const std::string prefix = top.empty() ? "" : top + "/";
      EXPECT_THAT(imported->executable_scripts, ElementsAre(prefix + "a/b/имя.py"));
      EXPECT_TRUE(fs::is_directory(target / (prefix + "empty")));
      EXPECT_EQ(read_file(target / (prefix + "a/b/имя.py")).value(), "print()");
      EXPECT_TRUE(fs::is_regular_file(target / (prefix + "c.txt")));
    }
  }
}

TEST_F(ArchiveTest, RefusesPathsThatLeaveTheApplication) {
  for (const auto* path : {"../x.py", "a/../../x.py", "/etc/x.py", "a/./b", "a\\b", "a//b"}) {
    EXPECT_THAT(refusal({{"good.py", "x"}, {path, "x"}}), HasSubstr("archive")) << path;
  }
  EXPECT_FALSE(fs::exists(folder_.path() / "x.py"));
}

TEST_F(ArchiveTest, RefusesLinksAndDevices) {
  EXPECT_THAT(refusal({{"link.py", "", 0755, AE_IFLNK, {}}}), HasSubstr("link.py"));
  EXPECT_THAT(refusal({{"one", "x"}, {"two", "", 0644, AE_IFREG, "one"}}), HasSubstr("two"));
  EXPECT_THAT(refusal({{"pipe", "", 0644, AE_IFIFO, {}}}), HasSubstr("pipe"));
  EXPECT_THAT(refusal({{"device", "", 0644, AE_IFCHR, {}}}), HasSubstr("device"));
}

TEST_F(ArchiveTest, RefusesWhatIsThereTwice) {
  EXPECT_THAT(refusal({{"a", "1"}, {"a", "2"}}), HasSubstr("twice"));
  EXPECT_THAT(refusal({{"b", "1"}, {"b/", "", 0755, AE_IFDIR, {}}}), HasSubstr("a file and a folder"));
  EXPECT_THAT(refusal({{"c", "1"}, {"c/d", "2"}}), HasSubstr("a file and a folder"));
}

TEST_F(ArchiveTest, RefusesBombs) {
  const ImportLimits limits{.total_bytes = 1000, .entries = 3};
  EXPECT_THAT(refusal({{"big", std::string(1001, 'x')}}, ErrorCode::too_large, limits),
              HasSubstr("1000 bytes"));
  EXPECT_THAT(refusal({{"half1", std::string(600, 'x')}, {"half2", std::string(600, 'x')}},
                      ErrorCode::too_large, limits),
              HasSubstr("1000 bytes"));
  EXPECT_THAT(refusal({{"1", ""}, {"2", ""}, {"3", ""}, {"4", ""}}, ErrorCode::too_large, limits),
              HasSubstr("3 entries"));
}

TEST_F(ArchiveTest, RefusesWhatIsNoArchive) {
  for (const std::string& bytes :
       {std::string("hello"), std::string(10'000, 'x'), std::string("\x1f\x8b\x08", 3)}) {
    const auto imported = import(bytes);
    ASSERT_FALSE(imported.has_value());
    EXPECT_EQ(imported.error().code, ErrorCode::invalid_argument);
  }
  std::string cut = pack({{"a", std::string(100'000, 'x')}}, Format::tar);
  cut.resize(50'000);
  EXPECT_FALSE(import(cut).has_value());
}

}  // namespace
}  // namespace am::manager
