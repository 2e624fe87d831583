// One task that this hypervisor holds: what it knows of it, and whom to wake when that changes.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "bridge/bridge_connection.h"
#include "hypervisor/message_queue.h"
#include "hypervisor/task_folder.h"
#include "ipc/messages.h"
#include "loop/event.h"
#include "net/byte_channel.h"

namespace am::hypervisor {

// What a task says of its own work.
struct TaskProgress {
  std::string text;
  double done = -1;                                // 0 to 1; below 0: unknown
  std::chrono::steady_clock::time_point reported;  // when the manager last heard of it
  bool report_waits = false;                       // a later report is due and will say the newest
};

struct Task {
  Task(const asio::any_io_executor& executor, ipc::TaskSpec the_spec, TaskFolder the_folder)
      : spec(std::move(the_spec)),
        folder(std::move(the_folder)),
        changed(executor),
        waiting_room(executor),
        messages(executor, folder.path() + "/messages.read"),
        group(folder.group()) {}

  ipc::TaskSpec spec;
  TaskFolder folder;
  TaskState state = TaskState::starting;
  std::int64_t started_ms = 0;
  std::uint64_t output_bytes = 0;
  std::optional<ipc::TaskEnd> end;     // set exactly once, with state closed
  std::optional<std::string> stop_by;  // asked to stop; sent as soon as the observer listens
  std::shared_ptr<net::ByteChannel> observer;
  pid_t observer_id = 0;                 // its process; all processes of the task descend from it
  std::optional<TaskProgress> progress;  // what the task last said of itself
  Event changed;                         // on each change of the above

  bridge::WaitingRoom waiting_room;  // who has connected to the task and was not taken yet
  MessageQueue messages;
  std::string group;  // the name of its control groups
};

}  // namespace am::hypervisor
