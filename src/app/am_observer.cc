// am-observer TASK_FOLDER: watches one task. Started by the hypervisor with a connected socket as
// descriptor 3.
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "observer/observer.h"

namespace {

constexpr int kControlDescriptor = 3;

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
  const auto observed = am::observer::observe(am::UniqueFd(kControlDescriptor));
  if (!observed) {
    std::fprintf(stderr, "am-observer %s: %s\n", arguments[1], observed.error().message.c_str());
    return 1;
  }
  return 0;
}
