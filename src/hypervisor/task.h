// One task that this hypervisor holds: what it knows of it, and whom to wake when that changes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "hypervisor/task_folder.h"
#include "ipc/messages.h"
#include "loop/event.h"
#include "net/byte_channel.h"

namespace am::hypervisor {

struct Task {
  Task(const asio::any_io_executor& executor, ipc::TaskSpec the_spec, TaskFolder the_folder)
      : spec(std::move(the_spec)), folder(std::move(the_folder)), changed(executor) {}

  ipc::TaskSpec spec;
  TaskFolder folder;
  TaskState state = TaskState::starting;
  std::int64_t started_ms = 0;
  std::uint64_t output_bytes = 0;
  std::optional<ipc::TaskEnd> end;     // set exactly once, with state closed
  std::optional<std::string> stop_by;  // asked to stop; sent as soon as the observer listens
  std::shared_ptr<net::ByteChannel> observer;
  Event changed;  // on each change of the above
};

}  // namespace am::hypervisor
