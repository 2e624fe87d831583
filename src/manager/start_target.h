// From what a request names (a script's id, or an application and a path) to a script that may be started.
#pragma once

#include <string>

#include "base/error.h"
#include "storage/application_store.h"

namespace am::manager {

struct RunnableScript {
  storage::Application application;
  storage::Script script;
};

// What to start: `script_id`, or `application_id` with `script` (a path inside it). Empty text stands for
// absent.
struct StartTarget {
  std::string script_id;
  std::string application_id;
  std::string script;
};

// Only executable .py and .py3 files can be started. invalid_argument for a target that names nothing
// startable, not_found for an unknown id or file, conflict for a file that is not executable. `sources` is
// the folder that holds the applications' folders: it tells a file that is not executable from one that is
// not there.
Result<RunnableScript> find_runnable_script(storage::ApplicationStore& applications,
                                            const std::string& sources, const StartTarget& target);

}  // namespace am::manager
