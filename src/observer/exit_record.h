// exit.json: the end of a task on disk, written in one step before anybody is told.
#pragma once

#include <string>

#include "base/error.h"
#include "ipc/messages.h"

namespace am::observer {

// {"outcome":{"kind","exitCode","signal","message"},"usage":{…},"startedMs","finishedMs"}
std::string exit_record(const ipc::TaskEnd& end);

// Writes exit.json in the current folder.
Result<void> write_exit_record(const ipc::TaskEnd& end);

}  // namespace am::observer
