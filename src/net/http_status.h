// The HTTP status of each expected failure: one table for every server of the product.
#pragma once

#include "base/error.h"

namespace am::net {

// 404 for not_found, and so on.
unsigned http_status(ErrorCode code);
// The other way, for what a server answered: not_found for 404; invalid_argument and internal for the rest.
ErrorCode error_code_of(unsigned status);

}  // namespace am::net
