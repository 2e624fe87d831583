// am-observer FOLDER: watches one task after the other for the hypervisor that has started it, which gives it
// jobs on descriptor 3. FOLDER says whose tasks they are, for those who look at the list of processes.
#include <cstdio>

#include "observer/service.h"
#include "process/priority.h"

namespace {

constexpr int kJobsDescriptor = 3;

}  // namespace

int main(int argument_count, char** arguments) {
  if (argument_count != 2) {
    std::fputs("usage: am-observer FOLDER (started by `am hypervisor`, with a socket as descriptor 3)\n",
               stderr);
    return 2;
  }
  am::process::answer_promptly();
  const auto served = am::observer::serve(am::UniqueFd(kJobsDescriptor));
  if (!served) {
    std::fprintf(stderr, "am-observer %s: %s\n", arguments[1], served.error().message.c_str());
    return 1;
  }
  return 0;
}
