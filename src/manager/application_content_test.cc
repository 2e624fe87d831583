#include "manager/application_content.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "base/files.h"
#include "loop/test_loop.h"
#include "manager/application_json.h"
#include "manager/temporary_folder.h"

namespace am::manager {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class ApplicationContentTest : public testing::Test {
 protected:
  void SetUp() override {
    events_.listen([this](const ContentChange& change) { changes_.push_back(change); });
    applications_ = Applications::open(store_, pool_, events_, folder_.path() / "sources").value();
    content_ = std::make_unique<ApplicationContent>(store_, *applications_, pool_, events_);
    application_ = run(applications_->create("Manual")).value();
    for (const auto* path : {"package/run.py", "package/lib.py", "main.py"}) {
      ASSERT_TRUE(run(content_->write(application_, path, "pass\n", {})));
    }
    ASSERT_TRUE(run(content_->enable_script(application_, "package/run.py")));
    ASSERT_TRUE(run(content_->enable_script(application_, "main.py")));
    changes_.clear();
  }
  template <typename T>
  T run(Awaitable<T> work) {
    return run_to_end(loop_, std::move(work));
  }
  std::string script_id(const std::string& path) {
    const auto found = store_.find_script(application_.id, path).value();
    return found ? found->id : "";
  }
  std::vector<std::string> scripts() {
    std::vector<std::string> paths;
    const auto rows = store_.scripts(application_.id).value();
    for (const storage::Script& script : rows) paths.push_back(script.path);
    return paths;
  }
  std::vector<std::string> executable_files() {
    std::vector<std::string> paths;
    const auto files = run(content_->list(application_)).value();
    for (const ListedFile& file : files) {
      if (file.info.executable) paths.push_back(file.info.path);
    }
    return paths;
  }

  TemporaryFolder folder_;
  asio::io_context loop_;
  std::unique_ptr<storage::Database> database_ = storage::Database::open(":memory:").value();
  storage::ApplicationStore store_{*database_};
  BlockingPool pool_{1};
  ContentEvents events_;
  std::vector<ContentChange> changes_;
  std::unique_ptr<Applications> applications_;
  std::unique_ptr<ApplicationContent> content_;
  storage::Application application_;
};

TEST_F(ApplicationContentTest, MovedScriptsKeepTheirIds) {
  const std::string id = script_id("package/run.py");
  ASSERT_TRUE(run(content_->move(application_, "package", "moved/deeper")));
  EXPECT_EQ(script_id("moved/deeper/run.py"), id);
  EXPECT_THAT(scripts(), ElementsAre("main.py", "moved/deeper/run.py"));
  EXPECT_THAT(executable_files(), ElementsAre("main.py", "moved/deeper/run.py"));
}

TEST_F(ApplicationContentTest, CopiesOfScriptsAreScriptsOfTheirOwn) {
  ASSERT_TRUE(run(content_->copy(application_, "package", "second")));
  ASSERT_TRUE(run(content_->copy(application_, "main.py", "main copy.py")));
  EXPECT_THAT(scripts(), UnorderedElementsAre("main.py", "main copy.py", "package/run.py", "second/run.py"));
  EXPECT_NE(script_id("second/run.py"), script_id("package/run.py"));
  EXPECT_THAT(executable_files(),
              UnorderedElementsAre("main.py", "main copy.py", "package/run.py", "second/run.py"));
}

TEST_F(ApplicationContentTest, AScriptUnderANameThatCannotStartIsNone) {
  ASSERT_TRUE(run(content_->copy(application_, "main.py", "main.txt")));
  EXPECT_EQ(script_id("main.txt"), "");
  ASSERT_TRUE(run(content_->move(application_, "main.py", "moved.txt")));
  EXPECT_THAT(scripts(), ElementsAre("package/run.py"));
  EXPECT_THAT(executable_files(), ElementsAre("package/run.py"));
}

TEST_F(ApplicationContentTest, EveryChangeIsToldOnceWithItsVersion) {
  const std::uint64_t before = events_.version(application_.id);
  ASSERT_TRUE(run(content_->write(application_, "main.py", "x", {})));
  ASSERT_TRUE(run(content_->make_folder(application_, "folder")));
  ASSERT_TRUE(run(content_->copy(application_, "main.py", "folder/copy.py")));
  ASSERT_TRUE(run(content_->move(application_, "folder", "renamed")));
  ASSERT_TRUE(run(content_->enable_script(application_, "package/lib.py")));
  ASSERT_TRUE(run(content_->disable_script(application_, "package/lib.py")));
  ASSERT_TRUE(run(content_->remove(application_, "renamed")));
  ASSERT_EQ(changes_.size(), 7U);
  for (std::size_t i = 0; i < changes_.size(); ++i) {
    EXPECT_EQ(changes_[i].kind, ContentChange::Kind::files);
    EXPECT_EQ(changes_[i].application_id, application_.id);
    EXPECT_EQ(changes_[i].version, before + 1 + i);
  }
}

TEST_F(ApplicationContentTest, WhatWasRefusedIsNoChange) {
  EXPECT_FALSE(run(content_->write(application_, "main.py", "x", {.if_match = "\"other\""})));
  EXPECT_FALSE(run(content_->make_folder(application_, "package")));
  EXPECT_FALSE(run(content_->copy(application_, "main.py", "package/lib.py")));
  EXPECT_FALSE(run(content_->move(application_, "main.py", "package/lib.py")));
  EXPECT_FALSE(run(content_->move(application_, "package", "package/inner")));
  EXPECT_FALSE(run(content_->remove(application_, "missing")));
  EXPECT_FALSE(run(content_->copy(application_, "main.py", "../outside.py")));
  EXPECT_FALSE(applications_->change(application_.id, {.name = "Manual/", .isolation = {}}));
  EXPECT_THAT(changes_, IsEmpty());
}

TEST_F(ApplicationContentTest, ApplicationsAreToldOf) {
  const auto second = run(applications_->create("Second")).value();
  ASSERT_TRUE(applications_->change(second.id, {.name = "Renamed", .isolation = {}}));
  EXPECT_EQ(applications_->change(second.id, {.name = "Manual", .isolation = {}}).error().code,
            ErrorCode::already_exists);
  ASSERT_TRUE(applications_->change(second.id, {.name = {}, .isolation = TaskIsolation::shared}));
  ASSERT_TRUE(run(applications_->remove(second.id)));
  ASSERT_EQ(changes_.size(), 4U);
  for (const ContentChange& change : changes_) {
    EXPECT_EQ(change.kind, ContentChange::Kind::applications);
    EXPECT_EQ(change.application_id, second.id);
  }
}

TEST_F(ApplicationContentTest, ARenamedApplicationKeepsItsFolder) {
  const auto renamed =
      applications_->change(application_.id, {.name = "Other name", .isolation = {}}).value();
  EXPECT_EQ(renamed.name, "Other name");
  EXPECT_EQ(renamed.folder, application_.folder);
  EXPECT_EQ(store_.get(application_.id).value(), renamed);
  EXPECT_TRUE(run(content_->open(renamed, "main.py")).has_value());
}

TEST_F(ApplicationContentTest, AChangedIsolationLeavesTheRest) {
  const auto isolation = TaskIsolation::isolated;
  const auto changed = applications_->change(application_.id, {.name = {}, .isolation = isolation}).value();
  EXPECT_EQ(changed.isolation, isolation);
  EXPECT_EQ(changed.name, "Manual");
  EXPECT_EQ(application_json(changed, *applications_).at("isolation"), "isolated");
  EXPECT_EQ(application_json(application_, *applications_).at("isolation"), "default");
}

TEST_F(ApplicationContentTest, OnlyFoldersAreArchived) {
  for (const ArchiveFormat format : {ArchiveFormat::zip, ArchiveFormat::tar_gz}) {
    const auto archive = run(content_->archive(application_, "package", format, folder_.path()));
    ASSERT_TRUE(archive.has_value()) << archive.error().message;
    EXPECT_GT(archive->info.size, 0U);
    EXPECT_EQ(archive->info.path, "package");
  }
  const auto file = run(content_->archive(application_, "main.py", ArchiveFormat::zip, folder_.path()));
  EXPECT_EQ(file.error().code, ErrorCode::invalid_argument);
  EXPECT_THAT(file.error().message, HasSubstr("main.py"));
  const auto missing = run(content_->archive(application_, "no", ArchiveFormat::zip, folder_.path()));
  EXPECT_EQ(missing.error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace am::manager
