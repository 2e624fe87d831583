// Tasks as the API shows them.
#pragma once

#include <string>

#include "manager/json.h"
#include "storage/task_store.h"

namespace am::manager {

// The object of CONTRACT "A task". Nothing of it is missing while the task is open: `outcome`, `startedAt`
// and `finishedAt` are null then, `usage` is zero.
json::object task_json(const storage::TaskRow& row);

// {"text","progress"}, or null.
json::value progress_json(const std::optional<storage::TaskProgress>& progress);

// {"kind","exitCode","signal","message"}; a signal that no message names gets one.
json::object outcome_json(const TaskOutcome& outcome);

// Lines of the output stream, with their line break. The record that tells of an end that was no plain
// exit...
std::string end_record(const storage::TaskRow& row);
// ...a record in the platform's own words...
std::string system_record(const storage::TaskRow& row, const std::string& text);
// ...what it says of its progress: {"status":{"pid","text","progress"}}...
std::string status_line(const storage::TaskRow& row);
// ...and the last line: {"end":{"state":"closed","outcome":{...}}}.
std::string end_line(const storage::TaskRow& row);

}  // namespace am::manager
