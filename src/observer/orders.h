// What the hypervisor wants of a fresh observer: a task at once, or an interpreter that waits for one.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "ipc/codec.h"
#include "observer/watch.h"

namespace am::observer {

struct Order {
  ipc::RunCommand command;
  bool prepares = false;             // there is no task yet
  std::string container_folder;      // of a PrepareSlot
  std::vector<std::string> preload;  // for the interpreter that waits
  ipc::FrameDecoder decoder;         // with whatever came behind the command
};

// Reads the next one from the socket, blocking. False: the hypervisor went away before it said what to do.
Result<bool> receive_order(int control, Order& order);

// Has an interpreter ready until the order for its task comes, which is in `order` then; `launcher`: the
// socket of a launcher that forks it, or -1. False: the task will not come. Unless true nothing is left of
// the interpreter.
Result<bool> wait_for_task(int control, int launcher, Order& order, Watch& watch);

}  // namespace am::observer
