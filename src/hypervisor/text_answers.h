// What this side answers when something is wrong: a line of text.
#pragma once

#include "base/error.h"
#include "net/http.h"

namespace am::hypervisor {

// With the status of the error's code.
net::Response refusal(const Error& error);
net::Response refusal(unsigned status, const Error& error);

}  // namespace am::hypervisor
