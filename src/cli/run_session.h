// One `am run` from the start to the end of its task: output, Ctrl-C, exit code.
#pragma once

#include "cli/command.h"
#include "cli/console.h"
#include "loop/signals.h"
#include "loop/task_group.h"

namespace am::cli {

class RunSession {
 public:
  // From here on SIGINT and SIGTERM are kept for run().
  RunSession(const Cli& cli, Client& client);

  // Shows the output until the task is over and gives the exit code. The first SIGINT or SIGTERM stops the
  // task and goes on with its output, the second leaves at once. A reader of stdout that goes away stops the
  // task too.
  Awaitable<int> run(std::string pid);

 private:
  Awaitable<int> show();
  Awaitable<int> leave_on_second_signal();
  // The exit code; how the task ended was the last of its records.
  [[nodiscard]] int finish() const;
  Awaitable<> stop_task();

  const Cli& cli_;
  Client& client_;
  StopSignals signals_;
  TaskGroup background_;
  Console console_;
  std::string pid_;
};

}  // namespace am::cli
