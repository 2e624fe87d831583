// The first process of a container: makes it, and then is there so that it exists. Its end is the container's
// end.
#pragma once

#include "base/error.h"
#include "base/unique_fd.h"

namespace am::container {

// Reads a ContainerSpec from `control`, makes the container, answers ContainerReady and never returns then:
// it only reaps orphans. This process is the first of new mount, pid, ipc and uts namespaces.
Result<void> run_init(UniqueFd control);

}  // namespace am::container
