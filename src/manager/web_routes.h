// The web IDE's pages and assets, and the page in their place where the IDE was not built.
#pragma once

#include "loop/blocking_pool.h"
#include "manager/web_files.h"
#include "net/router.h"

namespace am::manager {

// "/", "/assets/{path...}" and single files at the top. Public: the page itself shows the sign-in form, only
// the API needs a session. `files` and `pool` must outlive the router.
void add_web_routes(net::Router& router, const WebFiles& files, BlockingPool& pool);

}  // namespace am::manager
