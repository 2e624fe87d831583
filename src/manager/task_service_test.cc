#include "manager/task_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "manager/task_service_fixture.h"

namespace am::manager {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class TaskServiceTest : public TaskServiceFixture {};

TEST_F(TaskServiceTest, HandsATaskToAHypervisor) {
  hypervisors_.connect("hv", 2);
  const auto pid = start();
  ASSERT_TRUE(pid) << pid.error().message;
  const auto spec = hypervisors_.started().at(0);
  EXPECT_EQ(spec.pid, *pid);
  EXPECT_EQ(spec.application_dir, "Manual-abcdef");
  EXPECT_EQ(spec.script_path, "test.py");
  EXPECT_EQ(spec.script_params, R"({"general":1,"own":2})");
  EXPECT_EQ(spec.owner, "admin");
  const auto row = service_->get(*pid);
  EXPECT_EQ(row->state, TaskState::starting);
  EXPECT_EQ(row->hypervisor_id, "hv");
}

TEST_F(TaskServiceTest, ATaskHasTheIsolationThatItsApplicationHadAtItsStart) {
  hypervisors_.connect("hv", 1);
  const auto isolate = [&](TaskIsolation isolation) {
    ASSERT_TRUE(applications_->change("app", {.name = {}, .isolation = isolation}));
  };
  const std::string first = *start();
  isolate(TaskIsolation::isolated);
  const std::string second = *start();  // is queued
  isolate(TaskIsolation::shared);
  restart();
  end(first, OutcomeKind::exited);
  hypervisors_.disconnect("hv");
  hypervisors_.connect("hv", 1);
  reconciler_->on_inventory("hv", {});  // it never heard of the second: it is sent again
  reconciler_->on_caught_up("hv");
  std::vector<TaskIsolation> sent;
  const auto specs = hypervisors_.started();
  for (const ipc::TaskSpec& spec : specs) sent.push_back(spec.isolation);
  EXPECT_THAT(sent, ElementsAre(TaskIsolation::by_default, TaskIsolation::isolated, TaskIsolation::isolated));
  EXPECT_EQ(hypervisors_.started_pids().back(), second);
}

TEST_F(TaskServiceTest, RecordsNothingWithoutAHypervisor) {
  const auto pid = start();
  ASSERT_FALSE(pid);
  EXPECT_EQ(pid.error().code, ErrorCode::unavailable);
  EXPECT_THAT(pid.error().message, HasSubstr("no hypervisor is connected"));
  EXPECT_THAT(*service_->list({}), IsEmpty());
}

TEST_F(TaskServiceTest, RefusesWhatIsNotExecutable) {
  hypervisors_.connect("hv", 2);
  write_source("child.py");
  const auto pid = start({.script_id = {}, .application_id = "app", .script = "child.py"});
  ASSERT_FALSE(pid);
  EXPECT_EQ(pid.error().code, ErrorCode::conflict);
  EXPECT_EQ(pid.error().message, "Manual: child.py is not executable; make it executable first");
}

TEST_F(TaskServiceTest, NamesAScriptThatIsNotThere) {
  hypervisors_.connect("hv", 2);
  const auto pid = start({.script_id = {}, .application_id = "app", .script = "gone.py"});
  ASSERT_FALSE(pid);
  EXPECT_EQ(pid.error().code, ErrorCode::not_found);
  EXPECT_EQ(pid.error().message, "Manual: there is no script gone.py");
}

TEST_F(TaskServiceTest, RefusesAnotherSuffix) {
  hypervisors_.connect("hv", 2);
  write_source("notes.txt");
  EXPECT_EQ(start({.script_id = {}, .application_id = "app", .script = "notes.txt"}).error().code,
            ErrorCode::invalid_argument);
}

TEST_F(TaskServiceTest, RefusesATargetThatIsNone) {
  hypervisors_.connect("hv", 2);
  for (const StartTarget& target :
       {StartTarget{}, StartTarget{"script", "app", "test.py"}, StartTarget{"", "app", ""},
        StartTarget{"", "", "test.py"}, StartTarget{"", "app", "../test.py"}}) {
    EXPECT_EQ(start(target).error().code, ErrorCode::invalid_argument);
  }
}

TEST_F(TaskServiceTest, RefusesABadLimitAndLargeParams) {
  hypervisors_.connect("hv", 2);
  EXPECT_THAT(start(by_path(), R"({"timeout":0})").error().message, HasSubstr("timeout"));
  const std::string large = R"({"x":")" + std::string(TaskService::kParamsLimit, 'x') + R"("})";
  EXPECT_EQ(start(by_path(), large).error().code, ErrorCode::too_large);
  EXPECT_THAT(*service_->list({}), IsEmpty());
}

TEST_F(TaskServiceTest, QueuesWhileAllAreFullAndDispatchesInOrder) {
  hypervisors_.connect("hv", 1);
  const std::string first = *start();
  const std::string second = *start();
  const std::string third = *start();
  EXPECT_EQ(service_->get(second)->state, TaskState::queued);
  EXPECT_THAT(hypervisors_.started_pids(), ElementsAre(first));

  end(first, OutcomeKind::exited);
  EXPECT_THAT(hypervisors_.started_pids(), ElementsAre(first, second));
  EXPECT_EQ(service_->get(second)->state, TaskState::starting);
  end(second, OutcomeKind::exited);
  EXPECT_THAT(hypervisors_.started_pids(), ElementsAre(first, second, third));
}

TEST_F(TaskServiceTest, AQueuedTaskGoesToAHypervisorThatConnects) {
  hypervisors_.connect("hv", 1);
  const std::string first = *start();
  const std::string second = *start();
  hypervisors_.connect("other", 1);
  reconciler_->on_inventory("other", {});
  EXPECT_EQ(service_->get(first)->hypervisor_id, "hv");
  EXPECT_EQ(service_->get(second)->hypervisor_id, "other");
}

TEST_F(TaskServiceTest, StoppingAQueuedTaskClosesIt) {
  hypervisors_.connect("hv", 1);
  const std::string first = *start();
  const std::string second = *start();
  EXPECT_EQ(service_->stop(second, "admin"), StopProgress::closed);
  const auto row = service_->get(second);
  EXPECT_EQ(row->state, TaskState::closed);
  EXPECT_EQ(row->outcome->kind, OutcomeKind::stopped);
  EXPECT_EQ(row->outcome->message, "stopped by admin before it started");
  end(first, OutcomeKind::exited);
  EXPECT_THAT(hypervisors_.started_pids(), ElementsAre(first));
}

TEST_F(TaskServiceTest, StoppingARunningTaskTellsItsHypervisor) {
  hypervisors_.connect("hv", 1);
  const std::string pid = *start();
  EXPECT_EQ(service_->stop(pid, "admin"), StopProgress::requested);
  EXPECT_THAT(hypervisors_.stopped_pids(), ElementsAre(pid));
}

TEST_F(TaskServiceTest, AStopForAnAbsentHypervisorIsRemembered) {
  hypervisors_.connect("hv", 1);
  const std::string pid = *start();
  hypervisors_.disconnect("hv");
  EXPECT_EQ(service_->stop(pid, "admin"), StopProgress::deferred);
  restart();
  hypervisors_.connect("hv", 1);
  reconciler_->on_inventory("hv", {pid});
  EXPECT_THAT(hypervisors_.stopped_pids(), ElementsAre(pid));
}

TEST_F(TaskServiceTest, StoppingWhatIsOverOrUnknownIsAnError) {
  hypervisors_.connect("hv", 1);
  const std::string pid = *start();
  end(pid, OutcomeKind::exited);
  EXPECT_EQ(service_->stop(pid, "admin").error().code, ErrorCode::conflict);
  EXPECT_EQ(service_->stop("nobody", "admin").error().code, ErrorCode::not_found);
}

TEST_F(TaskServiceTest, AChildNeedsAParentAndIsListedUnderIt) {
  hypervisors_.connect("hv", 2);
  const std::string parent = *start();
  const auto seen = service_->open().find(parent)->changed.version();
  StartRequest request{.target = by_path(), .params = {}, .parent_pid = parent};
  const auto child = service_->start(admin_, request);
  ASSERT_TRUE(child);
  EXPECT_THAT(*service_->children(parent), ElementsAre(*child));
  EXPECT_NE(service_->open().find(parent)->changed.version(), seen);
  request.parent_pid = "nobody";
  EXPECT_EQ(service_->start(admin_, request).error().code, ErrorCode::not_found);
}

TEST_F(TaskServiceTest, CountsForTheMetrics) {
  hypervisors_.connect("hv", 1);
  const std::string pid = *start();
  start();
  TaskMetrics now = service_->metrics();
  EXPECT_EQ(now.accepted, 2U);
  EXPECT_EQ(now.starting, 1U);
  EXPECT_EQ(now.queued, 1U);
  EXPECT_EQ(now.hypervisors, 1U);
  end(pid, OutcomeKind::timed_out);
  now = service_->metrics();
  EXPECT_EQ(now.closed[2], 1U);
}

}  // namespace
}  // namespace am::manager
