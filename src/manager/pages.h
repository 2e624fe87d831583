// The pages for a browser without a session: what this server is, and the end of a sign-in link.
#pragma once

#include <string>

#include "manager/auth.h"
#include "net/router.h"

namespace am::manager {

void add_page_routes(net::Router& router, Auth& auth);

}  // namespace am::manager
