// The HTTP status of each expected failure: one table for every server of the product.
#pragma once

#include "base/error.h"

namespace am::net {

// 404 for not_found, and so on.
unsigned http_status(ErrorCode code);

}  // namespace am::net
