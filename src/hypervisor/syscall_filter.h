// Which system calls tasks in the container are refused.
#pragma once

#include <string>

#include "base/error.h"

namespace am::hypervisor {

// A filter as seccomp(2) takes it: struct sock_filter[] as bytes. Refused calls fail with EPERM, as without
// rights.
Result<std::string> make_syscall_filter();

}  // namespace am::hypervisor
