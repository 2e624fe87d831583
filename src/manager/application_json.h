// Applications, files and scripts as the API shows them.
#pragma once

#include "manager/application_content.h"
#include "manager/json.h"

namespace am::manager {

// {"id","name","path","isolation","createdAt"}
json::object application_json(const storage::Application& application, const Applications& applications);
// {"path","type","size","modifiedAt","executable","scriptId"}
json::object file_json(const ListedFile& file);
// {"id","path"}
json::object script_json(const storage::Script& script);

}  // namespace am::manager
