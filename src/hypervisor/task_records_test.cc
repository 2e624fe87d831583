#include "hypervisor/task_records.h"

#include <gtest/gtest.h>

namespace am::hypervisor {
namespace {

const ipc::TaskSpec kSpec{
    "p1",    "",        "a1",      "Manual-N9IBvh",        "test.py", R"({"n":12345678901234567890,"x":1.0})",
    "admin", "default", {-1, 400}, TaskIsolation::isolated};

TEST(TaskRecords, RoundTrip) {
  EXPECT_EQ(spec_from_json(spec_to_json(kSpec)).value(), kSpec);
  const ipc::TaskEnd end{
      {OutcomeKind::exited, 3, std::nullopt, "a \"quoted\" word"}, {0.25, 12.5, 4096}, 1, 2};
  EXPECT_EQ(end_from_json(end_to_json(end)).value(), end);
}

TEST(TaskRecords, ReadWhatTheObserverWrites) {
  const auto end = end_from_json(
      R"({"outcome":{"kind":"timed_out","exitCode":null,"signal":15,"message":"m"},)"
      R"("usage":{"cpuSec":0.020000,"memoryPeakMb":9.500,"outputBytes":13},"startedMs":5,"finishedMs":6})");
  ASSERT_TRUE(end) << end.error().message;
  EXPECT_EQ(end->outcome, (TaskOutcome{OutcomeKind::timed_out, std::nullopt, 15, "m"}));
}

TEST(TaskRecords, ReadASpecFromBeforeIsolation) {
  std::string older = spec_to_json(kSpec);
  const std::string added = R"(,"isolation":"isolated")";
  older.erase(older.find(added), added.size());
  EXPECT_EQ(spec_from_json(older).value().isolation, TaskIsolation::by_default);
}

TEST(TaskRecords, NameADamagedFile) {
  EXPECT_NE(end_from_json("{\"outcome\":").error().message.find("exit.json"), std::string::npos);
  EXPECT_FALSE(spec_from_json("[]"));
}

TEST(TaskRecords, TaskParamsAreAsInTheGuide) {
  EXPECT_EQ(
      task_params_json(kSpec, "/sources/Manual-N9IBvh", "/workdirs/p1"),
      R"({"pid":"p1","parentPid":null,"applicationPath":"/sources/Manual-N9IBvh","scriptPath":"test.py",)"
      R"("scriptParams":{"n":12345678901234567890,"x":1.0},"outputPath":"/workdirs/p1"})");
}

}  // namespace
}  // namespace am::hypervisor
