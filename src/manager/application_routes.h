// /api/v1/applications: the applications themselves, and archives of them.
#pragma once

#include <string>

#include "manager/applications.h"
#include "net/router.h"

namespace am::manager {

// Archives are assembled in the folder `temporary_folder`.
void add_application_routes(net::Router& router, storage::ApplicationStore& store, Applications& applications,
                            BlockingPool& pool, std::string temporary_folder);

}  // namespace am::manager
