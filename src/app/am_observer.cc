// am-observer TASK_FOLDER: watches one task, in whose folder the hypervisor starts it, with a connected
// socket as descriptor 3 and, where tasks run in a container, a pidfd of its first process as descriptor 4
// and the socket of a launcher as descriptor 5.
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>

#include "observer/observer.h"
#include "process/priority.h"

namespace {

constexpr int kControlDescriptor = 3;
constexpr int kContainerDescriptor = 4;
constexpr int kLauncherDescriptor = 5;

am::UniqueFd take_descriptor(int number) {
  return ::fcntl(number, F_SETFD, FD_CLOEXEC) == 0 ? am::UniqueFd(number) : am::UniqueFd();
}

}  // namespace

int main(int argument_count, char** arguments) {
  if (argument_count != 2) {
    std::fputs(
        "usage: am-observer TASK_FOLDER (started by `am hypervisor` in that folder, with a socket as "
        "descriptor 3)\n",
        stderr);
    return 2;
  }
  am::process::answer_promptly();
  const auto observed =
      am::observer::observe(am::UniqueFd(kControlDescriptor), take_descriptor(kContainerDescriptor),
                            take_descriptor(kLauncherDescriptor));
  if (!observed) {
    std::fprintf(stderr, "am-observer %s: %s\n", arguments[1], observed.error().message.c_str());
    return 1;
  }
  return 0;
}
