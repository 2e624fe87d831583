// The unprivileged users as whom tasks run in the container.
#pragma once

#include <sys/types.h>

#include <string>

namespace am::hypervisor {

// Above what distributions, useradd and systemd hand out (systemd's UIDS-GIDS document ends at 1879048191).
inline constexpr uid_t kTaskUser = 1'879'050'000;

// An isolated task's own: the same for a pid on every machine and after every restart.
uid_t own_user_of(const std::string& pid);

}  // namespace am::hypervisor
