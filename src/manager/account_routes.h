// General parameters, sign-in links and sessions.
#pragma once

#include "manager/auth.h"
#include "net/router.h"

namespace am::manager {

void add_account_routes(net::Router& router, storage::AccountStore& accounts, Auth& auth);

}  // namespace am::manager
