#include "manager/application_json.h"

#include "base/clock.h"

namespace am::manager {

json::object application_json(const storage::Application& application, const Applications& applications) {
  return json::object{{"id", application.id},
                      {"name", application.name},
                      {"path", applications.path_of(application)},
                      {"isolation", to_string(application.isolation)},
                      {"createdAt", iso8601(application.created_ms)}};
}

json::object file_json(const ListedFile& file) {
  json::object object{{"path", file.info.path},
                      {"type", file.info.folder ? "folder" : "file"},
                      {"size", file.info.size},
                      {"modifiedAt", iso8601(file.info.modified_ns / 1'000'000)},
                      {"executable", file.info.executable},
                      {"scriptId", nullptr}};
  if (file.script_id) object["scriptId"] = *file.script_id;
  return object;
}

json::object script_json(const storage::Script& script) {
  return json::object{{"id", script.id}, {"path", script.path}};
}

}  // namespace am::manager
