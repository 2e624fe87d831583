#include "manager/task_json.h"

#include <gtest/gtest.h>

namespace am::manager {
namespace {

storage::TaskRow open_row() {
  storage::TaskRow row;
  row.pid = "p";
  row.application_id = "a";
  row.script_id = "s";
  row.script_path = "package/test.py";
  row.owner = "admin";
  row.start_params = R"({"x":1})";
  row.created_ms = 1'700'000'000'000;
  return row;
}

storage::TaskRow closed_row(OutcomeKind kind) {
  storage::TaskRow row = open_row();
  row.hypervisor_id = "hv";
  row.state = TaskState::closed;
  row.started_ms = 1'700'000'000'500;
  row.finished_ms = 1'700'000'002'000;
  row.outcome = TaskOutcome{.kind = kind, .exit_code = std::nullopt, .signal = std::nullopt, .message = ""};
  row.usage = {.cpu_sec = 0.5, .memory_peak_mb = 9.5, .output_bytes = 42};
  return row;
}

TEST(TaskJsonTest, AnOpenTaskHasEveryField) {
  EXPECT_EQ(
      json::serialize(task_json(open_row())),
      R"({"pid":"p","parentPid":null,"applicationId":"a","scriptId":"s","owner":"admin","startParams":{"x":1},)"
      R"("createdAt":"2023-11-14T22:13:20.000Z","startedAt":null,"finishedAt":null,"language":"python3",)"
      R"("startPath":"package/test.py","state":"queued","outcome":null,)"
      R"("limits":{"timeoutSec":300,"memoryMb":100},)"
      R"("usage":{"cpuSec":0,"memoryPeakMb":0,"outputBytes":0},"hypervisor":null,"status":null})");
}

TEST(TaskJsonTest, AClosedTaskTellsHowItEnded) {
  storage::TaskRow row = closed_row(OutcomeKind::exited);
  row.outcome->exit_code = 3;
  const json::object task = task_json(row);
  EXPECT_EQ(json::serialize(task.at("outcome")),
            R"({"kind":"exited","exitCode":3,"signal":null,"message":""})");
  EXPECT_EQ(task.at("startedAt"), "2023-11-14T22:13:20.500Z");
  EXPECT_EQ(task.at("hypervisor"), "hv");
  EXPECT_EQ(task.at("usage").at("outputBytes"), 42U);
}

TEST(TaskJsonTest, ASignalIsNamed) {
  storage::TaskRow row = closed_row(OutcomeKind::signaled);
  row.outcome->signal = 11;
  EXPECT_EQ(json::serialize(outcome_json(*row.outcome)),
            R"({"kind":"signaled","exitCode":null,"signal":11,"message":"ended by SIGSEGV"})");
}

TEST(TaskJsonTest, APlainExitNeedsNoRecord) { EXPECT_EQ(end_record(closed_row(OutcomeKind::exited)), ""); }

TEST(TaskJsonTest, AnotherEndIsToldInTheOutput) {
  storage::TaskRow row = closed_row(OutcomeKind::timed_out);
  row.outcome->message = "over its time limit of 1 s";
  EXPECT_EQ(
      end_record(row),
      R"({"offset":42,"next":42,"time":1.5E0,"stream":"system","pid":"p","text":"over its time limit of 1 s\n"})"
      "\n");
}

TEST(TaskJsonTest, TheLastLineCarriesTheOutcome) {
  storage::TaskRow row = closed_row(OutcomeKind::exited);
  row.outcome->exit_code = 0;
  EXPECT_EQ(
      end_line(row),
      R"({"end":{"state":"closed","outcome":{"kind":"exited","exitCode":0,"signal":null,"message":""}}})"
      "\n");
}

}  // namespace
}  // namespace am::manager
