#include "manager/start_target.h"

#include <fcntl.h>

#include "base/files.h"

namespace am::manager {
namespace {

bool has_script_suffix(std::string_view path) { return path.ends_with(".py") || path.ends_with(".py3"); }

bool file_exists(const std::string& folder, const std::string& path) {
  const auto root = open_folder(folder);
  return root && open_beneath(root->get(), path, O_PATH).has_value();
}

Result<RunnableScript> find_by_id(storage::ApplicationStore& applications, const std::string& id) {
  auto script = applications.get_script(id);
  if (!script) return pass_on(script);
  auto application = applications.get(script->application_id);
  if (!application) return pass_on(application);
  return RunnableScript{*std::move(application), *std::move(script)};
}

Result<RunnableScript> find_by_path(storage::ApplicationStore& applications, const std::string& sources,
                                    const StartTarget& target) {
  if (const auto checked = check_relative_path("script", target.script); !checked) return pass_on(checked);
  auto application = applications.get(target.application_id);
  if (!application) return pass_on(application);
  auto script = applications.find_script(application->id, target.script);
  if (!script) return pass_on(script);
  if (*script) return RunnableScript{*std::move(application), **std::move(script)};
  if (!file_exists(sources + "/" + application->folder, target.script)) {
    return fail(ErrorCode::not_found, "{}: there is no script {}", application->name, target.script);
  }
  if (!has_script_suffix(target.script)) {
    return fail(ErrorCode::invalid_argument, "{}: {} cannot be started: only .py and .py3 files can",
                application->name, target.script);
  }
  return fail(ErrorCode::conflict, "{}: {} is not executable; make it executable first", application->name,
              target.script);
}

}  // namespace

Result<RunnableScript> find_runnable_script(storage::ApplicationStore& applications,
                                            const std::string& sources, const StartTarget& target) {
  const bool by_path = !target.application_id.empty() || !target.script.empty();
  if (target.script_id.empty() != by_path) {
    return fail(ErrorCode::invalid_argument,
                "name the script to start: either scriptId, or applicationId and script (its path)");
  }
  if (!by_path) return find_by_id(applications, target.script_id);
  if (target.application_id.empty())
    return fail(ErrorCode::invalid_argument, "applicationId: missing beside script");
  if (target.script.empty()) return fail(ErrorCode::invalid_argument, "script: missing beside applicationId");
  return find_by_path(applications, sources, target);
}

}  // namespace am::manager
