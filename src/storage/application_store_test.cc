#include "storage/application_store.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>

#include "base/random.h"

namespace am::storage {
namespace {

using testing::ElementsAre;

class ApplicationStoreTest : public testing::Test {
 protected:
  void TearDown() override {
    store_.reset();
    database_.reset();
    std::filesystem::remove_all(folder_);
  }

  std::vector<std::string> paths() {
    std::vector<std::string> found;
    const auto scripts = store_->scripts("a1");
    for (const Script& script : scripts.value()) found.push_back(script.path);
    return found;
  }

  std::filesystem::path folder_ = [] {
    auto folder = std::filesystem::temp_directory_path() / ("am-store-" + random_letters(12));
    std::filesystem::create_directory(folder);
    return folder;
  }();
  std::unique_ptr<Database> database_ = Database::open(folder_ / "am.db").value();
  std::unique_ptr<ApplicationStore> store_ = std::make_unique<ApplicationStore>(*database_);
  const Application manual_{.id = "a1", .name = "Manual", .folder = "Manual-N9IBvh", .created_ms = 1700};
};

TEST_F(ApplicationStoreTest, KeepsApplications) {
  ASSERT_TRUE(store_->add(manual_));
  const Application other{.id = "a2", .name = "Другое", .folder = "x-000000", .created_ms = 5};
  ASSERT_TRUE(store_->add(other));
  EXPECT_EQ(store_->get("a1").value(), manual_);
  EXPECT_THAT(store_->list().value(), ElementsAre(manual_, other));
  EXPECT_EQ(store_->find_by_name("Другое").value(), other);
  EXPECT_EQ(store_->find_by_name("manual").value(), std::nullopt);
  EXPECT_EQ(store_->count().value(), 2);
}

TEST_F(ApplicationStoreTest, ATakenNameIsRefused) {
  ASSERT_TRUE(store_->add(manual_));
  const auto again = store_->add({.id = "a2", .name = "Manual", .folder = "y", .created_ms = 0});
  EXPECT_EQ(again.error().code, ErrorCode::already_exists);
  EXPECT_EQ(again.error().message, "name: an application named \"Manual\" exists already");
  ASSERT_TRUE(store_->add({.id = "a2", .name = "Second", .folder = "y", .created_ms = 0}));
  const ApplicationChange taken{.name = "Manual", .isolation = TaskIsolation::isolated};
  EXPECT_EQ(store_->change("a2", taken).error().code, ErrorCode::already_exists);
  EXPECT_EQ(store_->get("a2").value().isolation, TaskIsolation::by_default);
  EXPECT_TRUE(store_->change("a2", {.name = "Third", .isolation = {}}));
  EXPECT_EQ(store_->get("a2").value().name, "Third");
}

TEST_F(ApplicationStoreTest, KeepsTheIsolationOfItsTasks) {
  ASSERT_TRUE(store_->add(manual_));
  Application other{.id = "a2", .name = "Other", .folder = "y", .created_ms = 0};
  other.isolation = TaskIsolation::shared;
  ASSERT_TRUE(store_->add(other));
  ASSERT_TRUE(store_->change("a1", {.name = {}, .isolation = TaskIsolation::isolated}));
  Application changed = manual_;
  changed.isolation = TaskIsolation::isolated;
  EXPECT_THAT(store_->list().value(), ElementsAre(changed, other));
  ASSERT_TRUE(store_->change("a1", {.name = "Manual 2", .isolation = {}}));
  EXPECT_EQ(store_->get("a1").value().isolation, TaskIsolation::isolated);
  ASSERT_TRUE(store_->change("a1", {.name = {}, .isolation = TaskIsolation::by_default}));
  EXPECT_EQ(store_->find_by_name("Manual 2").value()->isolation, TaskIsolation::by_default);
}

TEST_F(ApplicationStoreTest, AnUnknownStoredIsolationIsAnError) {
  ASSERT_TRUE(store_->add(manual_));
  database_->connection().exec("UPDATE applications SET isolation = 'other'");
  EXPECT_EQ(store_->get("a1").error().code, ErrorCode::internal);
  EXPECT_THAT(store_->list().error().message, testing::HasSubstr("a1 is damaged: isolation"));
}

TEST_F(ApplicationStoreTest, UnknownIdsAreNotFound) {
  EXPECT_EQ(store_->get("nope").error().code, ErrorCode::not_found);
  EXPECT_EQ(store_->change("nope", {.name = "x", .isolation = {}}).error().code, ErrorCode::not_found);
  EXPECT_EQ(store_->remove("nope").error().code, ErrorCode::not_found);
  EXPECT_EQ(store_->get_script("nope").error().code, ErrorCode::not_found);
}

TEST_F(ApplicationStoreTest, AScriptKeepsItsId) {
  ASSERT_TRUE(store_->add(manual_));
  const Script script = store_->add_script("a1", "test.py").value();
  EXPECT_EQ(store_->add_script("a1", "test.py").value(), script);
  EXPECT_EQ(store_->get_script(script.id).value(), script);
  EXPECT_EQ(store_->find_script("a1", "test.py").value(), script);
  EXPECT_EQ(store_->find_script("a1", "other.py").value(), std::nullopt);
}

TEST_F(ApplicationStoreTest, ScriptsGoWithTheirApplication) {
  ASSERT_TRUE(store_->add(manual_));
  const Script script = store_->add_script("a1", "test.py").value();
  ASSERT_TRUE(store_->remove("a1"));
  EXPECT_EQ(store_->get_script(script.id).error().code, ErrorCode::not_found);
}

TEST_F(ApplicationStoreTest, WhatWasReadBeforeAChangeIsForgotten) {
  ASSERT_TRUE(store_->add({.id = "a", .name = "A", .folder = "A-1", .created_ms = 1}));
  const Script script = store_->add_script("a", "one.py").value();
  EXPECT_EQ(store_->get("a").value().name, "A");
  EXPECT_EQ(store_->get_script(script.id).value(), script);
  EXPECT_EQ(store_->find_script("a", "one.py").value(), script);
  ASSERT_TRUE(store_->change("a", {.name = "B", .isolation = {}}));
  EXPECT_EQ(store_->get("a").value().name, "B");
  ASSERT_TRUE(store_->move_scripts("a", "one.py", "two.py"));
  EXPECT_EQ(store_->find_script("a", "one.py").value(), std::nullopt);
  EXPECT_EQ(store_->get_script(script.id).value().path, "two.py");
  ASSERT_TRUE(store_->remove_scripts_at("a", "two.py"));
  EXPECT_EQ(store_->get_script(script.id).error().code, ErrorCode::not_found);
  ASSERT_TRUE(store_->remove("a"));
  EXPECT_EQ(store_->get("a").error().code, ErrorCode::not_found);
}

TEST_F(ApplicationStoreTest, AFolderIsNotItsNeighbours) {
  ASSERT_TRUE(store_->add(manual_));
  for (const auto* path : {"a.py", "a/b.py", "a/c/d.py", "a-b/e.py", "a0.py", "a/ж.py"}) {
    ASSERT_TRUE(store_->add_script("a1", path));
  }
  EXPECT_EQ(store_->scripts_at("a1", "a").value().size(), 3U);
  ASSERT_TRUE(store_->move_scripts("a1", "a", "б"));
  EXPECT_THAT(paths(), ElementsAre("a-b/e.py", "a.py", "a0.py", "б/b.py", "б/c/d.py", "б/ж.py"));
  ASSERT_TRUE(store_->remove_scripts_at("a1", "б/c"));
  EXPECT_THAT(paths(), ElementsAre("a-b/e.py", "a.py", "a0.py", "б/b.py", "б/ж.py"));
  ASSERT_TRUE(store_->move_scripts("a1", "a.py", "a0.py"));
  EXPECT_THAT(paths(), ElementsAre("a-b/e.py", "a0.py", "б/b.py", "б/ж.py"));
}

}  // namespace
}  // namespace am::storage
