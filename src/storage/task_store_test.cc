#include "storage/task_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace am::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class TaskStoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto database = Database::open(":memory:");
    ASSERT_TRUE(database) << database.error().message;
    database_ = *std::move(database);
    store_ = std::make_unique<TaskStore>(*database_);
  }

  static TaskRow row(const std::string& pid) {
    TaskRow task;
    task.pid = pid;
    task.application_id = "application";
    task.application_folder = "Manual-abcdef";
    task.script_id = "script";
    task.script_path = "test.py";
    task.owner = "admin";
    task.start_params = R"({"a":1})";
    task.limits = {.timeout_sec = 1.5, .memory_mb = 64};
    task.isolation = TaskIsolation::isolated;
    task.created_ms = 1000;
    return task;
  }
  void insert(const TaskRow& task) { ASSERT_TRUE(store_->insert(task)); }
  std::vector<std::string> listed(const TaskFilter& filter) {
    std::vector<std::string> pids;
    const auto rows = store_->list(filter);
    if (!rows) ADD_FAILURE() << rows.error().message;
    for (std::size_t i = 0; rows && i < rows->size(); ++i) pids.push_back((*rows)[i].pid);
    return pids;
  }
  template <typename Member, typename Value>
  static TaskFilter only(Member TaskFilter::* member, Value value) {
    TaskFilter filter;
    filter.*member = value;
    return filter;
  }
  static TaskClosing closing(OutcomeKind kind) {
    return {.outcome = {.kind = kind, .exit_code = 3, .signal = std::nullopt, .message = "a \"quoted\" one"},
            .usage = {.cpu_sec = 0.25, .memory_peak_mb = 12.5, .output_bytes = 77},
            .started_ms = 2000,
            .finished_ms = 3000};
  }

  std::unique_ptr<Database> database_;
  std::unique_ptr<TaskStore> store_;
};

TEST_F(TaskStoreTest, RowComesBackAsItWasInserted) {
  insert(row("p1"));
  const auto found = store_->find("p1");
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->start_params, R"({"a":1})");
  EXPECT_EQ((*found)->limits, (TaskLimits{.timeout_sec = 1.5, .memory_mb = 64}));
  EXPECT_EQ((*found)->isolation, TaskIsolation::isolated);
  EXPECT_EQ((*found)->state, TaskState::queued);
  EXPECT_EQ((*found)->parent_pid, "");
  EXPECT_EQ((*found)->hypervisor_id, "");
  EXPECT_EQ((*found)->started_ms, 0);
  EXPECT_FALSE((*found)->outcome);
}

TEST_F(TaskStoreTest, UnknownPidIsNoError) {
  const auto found = store_->find("nobody");
  ASSERT_TRUE(found);
  EXPECT_FALSE(*found);
}

TEST_F(TaskStoreTest, TakenPidIsRefused) {
  insert(row("p1"));
  EXPECT_EQ(store_->insert(row("p1")).error().code, ErrorCode::already_exists);
}

TEST_F(TaskStoreTest, WalksThroughItsStates) {
  insert(row("p1"));
  EXPECT_TRUE(store_->assign("p1", "hv").value());
  EXPECT_FALSE(store_->assign("p1", "other").value());
  EXPECT_TRUE(store_->mark_running("p1", 2000).value());
  EXPECT_TRUE(store_->close("p1", closing(OutcomeKind::exited)).value());
  const auto found = store_->find("p1").value().value();
  EXPECT_EQ(found.state, TaskState::closed);
  EXPECT_EQ(found.hypervisor_id, "hv");
  EXPECT_EQ(found.outcome, closing(OutcomeKind::exited).outcome);
  EXPECT_EQ(found.usage, closing(OutcomeKind::exited).usage);
  EXPECT_EQ(found.started_ms, 2000);
  EXPECT_EQ(found.finished_ms, 3000);
}

TEST_F(TaskStoreTest, ClosedIsFinalAndAnEndIsAppliedOnce) {
  insert(row("p1"));
  EXPECT_TRUE(store_->close("p1", closing(OutcomeKind::stopped)).value());
  EXPECT_FALSE(store_->close("p1", closing(OutcomeKind::lost)).value());
  EXPECT_FALSE(store_->assign("p1", "hv").value());
  EXPECT_FALSE(store_->mark_running("p1", 5000).value());
  EXPECT_FALSE(store_->request_stop("p1", "admin").value());
  EXPECT_EQ(store_->find("p1").value().value().outcome->kind, OutcomeKind::stopped);
}

TEST_F(TaskStoreTest, QueuedTaskCannotRunUnassigned) {
  insert(row("p1"));
  EXPECT_FALSE(store_->mark_running("p1", 2000).value());
}

TEST_F(TaskStoreTest, FirstRequestToStopCounts) {
  insert(row("p1"));
  EXPECT_TRUE(store_->request_stop("p1", "admin").value());
  EXPECT_FALSE(store_->request_stop("p1", "somebody").value());
  EXPECT_EQ(store_->find("p1").value().value().stop_by, "admin");
}

TEST_F(TaskStoreTest, ListsNewestFirstWithFilters) {
  insert(row("p1"));
  TaskRow other = row("p2");
  other.application_id = "another";
  other.script_id = "another script";
  insert(other);
  insert(row("p3"));
  ASSERT_TRUE(store_->close("p1", closing(OutcomeKind::timed_out)));

  EXPECT_THAT(listed({}), ElementsAre("p3", "p2", "p1"));
  EXPECT_THAT(listed(only(&TaskFilter::limit, 2)), ElementsAre("p3", "p2"));
  EXPECT_THAT(listed(only(&TaskFilter::before, "p3")), ElementsAre("p2", "p1"));
  EXPECT_THAT(listed(only(&TaskFilter::application_id, "another")), ElementsAre("p2"));
  EXPECT_THAT(listed(only(&TaskFilter::script_id, "another script")), ElementsAre("p2"));
  EXPECT_THAT(listed(only(&TaskFilter::state, TaskState::queued)), ElementsAre("p3", "p2"));
  EXPECT_THAT(listed(only(&TaskFilter::state, TaskState::closed)), ElementsAre("p1"));
  EXPECT_THAT(listed(only(&TaskFilter::outcome, OutcomeKind::timed_out)), ElementsAre("p1"));
  TaskFilter several = only(&TaskFilter::state, TaskState::queued);
  several.application_id = "application";
  several.before = "p3";
  EXPECT_THAT(listed(several), IsEmpty());
}

TEST_F(TaskStoreTest, UnknownBoundOfAListIsNamed) {
  const auto rows = store_->list(only(&TaskFilter::before, "nobody"));
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(rows.error().message, "before: there is no task nobody");
}

TEST_F(TaskStoreTest, OpenTasksComeOldestFirst) {
  for (const char* pid : {"p1", "p2", "p3"}) insert(row(pid));
  ASSERT_TRUE(store_->assign("p3", "hv"));
  ASSERT_TRUE(store_->close("p2", closing(OutcomeKind::exited)));
  const auto open = store_->open();
  ASSERT_TRUE(open);
  std::vector<std::string> pids;
  for (const TaskRow& task : *open) pids.push_back(task.pid);
  EXPECT_THAT(pids, ElementsAre("p1", "p3"));
}

TEST_F(TaskStoreTest, KnowsTheChildrenOfATask) {
  insert(row("parent"));
  for (const char* pid : {"c1", "c2"}) {
    TaskRow child = row(pid);
    child.parent_pid = "parent";
    insert(child);
  }
  EXPECT_THAT(store_->children("parent").value(), ElementsAre("c1", "c2"));
  EXPECT_THAT(store_->children("c1").value(), IsEmpty());
}

}  // namespace
}  // namespace am::storage
