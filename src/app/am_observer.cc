// am-observer TASK_FOLDER: watches one task. Started by the hypervisor with a connected socket as
// descriptor 3 and, where tasks run in a container, a pidfd of its first process as descriptor 4.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "observer/observer.h"

namespace {

constexpr int kControlDescriptor = 3;
constexpr int kContainerDescriptor = 4;

}  // namespace

int main(int argument_count, char** arguments) {
  if (argument_count != 2) {
    std::fputs("usage: am-observer TASK_FOLDER (started by `am hypervisor`, with a socket as descriptor 3)\n",
               stderr);
    return 2;
  }
  if (::chdir(arguments[1]) != 0) {
    std::fprintf(stderr, "am-observer: cannot enter %s: %s\n", arguments[1], am::errno_text(errno).c_str());
    return 1;
  }
  am::UniqueFd container;
  if (::fcntl(kContainerDescriptor, F_SETFD, FD_CLOEXEC) == 0) container.reset(kContainerDescriptor);
  const auto observed = am::observer::observe(am::UniqueFd(kControlDescriptor), std::move(container));
  if (!observed) {
    std::fprintf(stderr, "am-observer %s: %s\n", arguments[1], observed.error().message.c_str());
    return 1;
  }
  return 0;
}
