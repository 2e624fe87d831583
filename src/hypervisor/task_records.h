// The JSON files of a task's folder, to and from their values.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "ipc/messages.h"

namespace am::hypervisor {

std::string spec_to_json(const ipc::TaskSpec& spec);
Result<ipc::TaskSpec> spec_from_json(std::string_view text);

// exit.json, in the observer's form (observer/exit_record.h).
std::string end_to_json(const ipc::TaskEnd& end);
Result<ipc::TaskEnd> end_from_json(std::string_view text);

// ompy's TASK_PARAMS: pid, parentPid, applicationPath, scriptPath, scriptParams, outputPath.
std::string task_params_json(const ipc::TaskSpec& spec, const std::string& application_path,
                             const std::string& output_path);

}  // namespace am::hypervisor
