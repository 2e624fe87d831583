#include "manager/task_reconciler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "manager/task_service_fixture.h"

namespace am::manager {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class TaskReconcilerTest : public TaskServiceFixture {
 protected:
  void SetUp() override {
    TaskServiceFixture::SetUp();
    hypervisors_.connect("hv", 8);
    pid_ = *start();
  }
  void run_it() { reconciler_->on_task_started("hv", {.pid = pid_, .started_ms = 1234}); }
  // The connection breaks; what was sent before is of no interest.
  void reconnect(const std::vector<std::string>& inventory) {
    hypervisors_.disconnect("hv");
    reconciler_->on_disconnected("hv");
    hypervisors_.forget_sent();
    hypervisors_.connect("hv", 8);
    reconciler_->on_inventory("hv", inventory);
  }
  storage::TaskRow row() { return service_->get(pid_).value(); }

  std::string pid_;
};

TEST_F(TaskReconcilerTest, AStartedTaskRuns) {
  run_it();
  EXPECT_EQ(row().state, TaskState::running);
  EXPECT_EQ(row().started_ms, 1234);
}

TEST_F(TaskReconcilerTest, AnEndIsAppliedOnceAndAcknowledgedAlways) {
  run_it();
  end(pid_, OutcomeKind::exited);
  end(pid_, OutcomeKind::lost);
  EXPECT_EQ(row().outcome->kind, OutcomeKind::exited);
  EXPECT_EQ(row().started_ms, 1000);
  end("a pid that nobody knows", OutcomeKind::exited);
}

TEST_F(TaskReconcilerTest, AStartThatComesAfterTheEndChangesNothing) {
  end(pid_, OutcomeKind::exited);
  run_it();
  EXPECT_EQ(row().state, TaskState::closed);
}

TEST_F(TaskReconcilerTest, ReportsOfAnotherHypervisorChangeNothing) {
  reconciler_->on_task_started("other", {.pid = pid_, .started_ms = 1});
  EXPECT_TRUE(reconciler_->on_task_ended("other", {.pid = pid_, .end = {}}));
  EXPECT_EQ(row().state, TaskState::starting);
}

TEST_F(TaskReconcilerTest, ARunningTaskThatIsHeldGoesOn) {
  run_it();
  reconnect({pid_});
  reconciler_->on_caught_up("hv");
  EXPECT_EQ(row().state, TaskState::running);
  EXPECT_EQ(row().started_ms, 1234);
}

TEST_F(TaskReconcilerTest, AStartingTaskThatIsHeldRuns) {
  reconnect({pid_});
  EXPECT_EQ(row().state, TaskState::running);
}

TEST_F(TaskReconcilerTest, AStartThatWasLostIsSentAgain) {
  reconnect({});
  EXPECT_THAT(hypervisors_.started_pids(), IsEmpty());
  reconciler_->on_caught_up("hv");
  EXPECT_THAT(hypervisors_.started_pids(), ElementsAre(pid_));
  EXPECT_EQ(hypervisors_.started().at(0).script_params, R"({"general":1,"own":2})");
  EXPECT_EQ(row().state, TaskState::starting);
}

TEST_F(TaskReconcilerTest, ATaskThatIsGoneIsLostOnceEndsAreReported) {
  run_it();
  reconnect({});
  EXPECT_EQ(row().state, TaskState::running);
  reconciler_->on_caught_up("hv");
  EXPECT_EQ(row().outcome->kind, OutcomeKind::lost);
  EXPECT_THAT(row().outcome->message, HasSubstr("hypervisor hv"));
  EXPECT_EQ(row().started_ms, 1234);
}

TEST_F(TaskReconcilerTest, AnEndThatIsReportedAgainIsNotLost) {
  run_it();
  reconnect({});
  end(pid_, OutcomeKind::signaled);
  reconciler_->on_caught_up("hv");
  EXPECT_EQ(row().outcome->kind, OutcomeKind::signaled);
}

TEST_F(TaskReconcilerTest, AStopThatCameTooEarlyForTheStartClosesTheTask) {
  ASSERT_TRUE(service_->stop(pid_, "admin"));
  reconnect({});
  reconciler_->on_caught_up("hv");
  EXPECT_EQ(row().outcome->kind, OutcomeKind::stopped);
  EXPECT_THAT(hypervisors_.started_pids(), IsEmpty());
}

TEST_F(TaskReconcilerTest, WhatIsNotOpenIsStopped) {
  end(pid_, OutcomeKind::lost);
  reconnect({pid_, "unknown"});
  EXPECT_THAT(hypervisors_.stopped_pids(), testing::UnorderedElementsAre(pid_, "unknown"));
}

TEST_F(TaskReconcilerTest, TasksSentDuringTheCatchUpAreSentOnce) {
  end(pid_, OutcomeKind::exited);
  reconnect({});
  const std::string another = *start();
  reconciler_->on_caught_up("hv");
  EXPECT_THAT(hypervisors_.started_pids(), ElementsAre(another));
}

TEST_F(TaskReconcilerTest, OpenTasksOutliveTheManager) {
  run_it();
  restart();
  reconciler_->on_inventory("hv", {pid_});
  reconciler_->on_caught_up("hv");
  EXPECT_EQ(row().state, TaskState::running);
  end(pid_, OutcomeKind::exited);
  EXPECT_EQ(row().outcome->kind, OutcomeKind::exited);
}

}  // namespace
}  // namespace am::manager
