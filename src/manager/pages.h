// The pages that the manager writes itself: the end of a sign-in link, and what stands in the IDE's place
// where it was not built.
#pragma once

#include <string>

#include "manager/auth.h"
#include "net/router.h"

namespace am::manager {

void add_page_routes(net::Router& router, Auth& auth);

// What this server is and how to reach it without the IDE; `folder` is where the IDE was looked for.
net::Response page_without_ide(const std::string& folder);

}  // namespace am::manager
