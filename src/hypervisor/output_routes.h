// The hypervisor's HTTP side for the manager: output of tasks, by offset, followed live or as raw bytes.
#pragma once

#include "hypervisor/tasks.h"
#include "net/http_server.h"

namespace am::hypervisor {

// GET /tasks/{pid}/output?from=N&follow=true|false   application/x-ndjson, closes once the task's end is
// reached GET /tasks/{pid}/output/raw?stream=stdout|stderr   the bytes
void add_output_routes(net::Router& router, Tasks& tasks);

}  // namespace am::hypervisor
