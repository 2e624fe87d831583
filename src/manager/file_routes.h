// /api/v1/applications/{id}/files and /scripts: what is inside an application.
#pragma once

#include "manager/application_content.h"
#include "net/router.h"

namespace am::manager {

void add_file_routes(net::Router& router, storage::ApplicationStore& store, ApplicationContent& content,
                     BlockingPool& pool, std::string temporary_folder);
// POST on a file's address: move, copy, createFolder.
void add_file_operation_routes(net::Router& router, storage::ApplicationStore& store,
                               ApplicationContent& content);
void add_script_routes(net::Router& router, storage::ApplicationStore& store, ApplicationContent& content);

}  // namespace am::manager
