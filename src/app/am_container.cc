// am-container: the first process of a task container. Started by the hypervisor or an observer in new
// namespaces, with a connected socket as descriptor 3.
#include <unistd.h>

#include <cstdio>

#include "container/init.h"
#include "process/priority.h"

namespace {

constexpr int kControlDescriptor = 3;

}  // namespace

int main(int argument_count, char**) {
  if (argument_count != 1 || ::getpid() != 1) {
    std::fputs("am-container is started by `am hypervisor`, as the first process of new namespaces\n",
               stderr);
    return 2;
  }
  am::process::answer_promptly();
  const auto made = am::container::run_init(am::UniqueFd(kControlDescriptor));
  std::fprintf(stderr, "am-container: %s\n", made.error().message.c_str());
  return 1;
}
