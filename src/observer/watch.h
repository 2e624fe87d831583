// The running task under watch: its events (output, limits, stop, ends of processes) and what follows from
// each.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/clock.h"
#include "ipc/messages.h"
#include "observer/end_cause.h"
#include "observer/output_log.h"
#include "observer/poller.h"
#include "observer/task_tree.h"
#include "observer/waiting_interpreter.h"

namespace am::observer {

// Stages: running → (a cause: TERM, grace) → ending (KILL until nothing is left) → over.
class Watch {
 public:
  // `container`: a pidfd of the task container's first process; -1: the task runs outside of any.
  Watch(Poller& poller, const ipc::RunCommand& command, int container);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  // Starts the interpreter before there is a task, or has it forked by the launcher at that socket, in the
  // container with that folder; begin() then gives it the script. The command is another one by then.
  Result<void> prepare(int launcher, const std::string& container_folder);
  [[nodiscard]] WaitingInterpreter& waiting() { return *waiting_; }
  // The interpreter waits now. True: it is ready, and does nothing until begin(); false: it will say once
  // more that it waits. An error: it cannot be used.
  Result<bool> note_waiting();
  // Ends what prepare() has started, when there will be no task.
  void abandon();

  // Starts the task; `children` is readable when a child has ended, `on_change` is called when status() is
  // new.
  Result<void> begin(UniqueFd children, std::function<void()> on_change);

  void stop(const std::string& by);
  [[nodiscard]] ipc::ObserverStatus status() const;
  [[nodiscard]] bool over() const { return stage_ == Stage::over; }
  // Whether stop() came before begin(), which then has refused.
  [[nodiscard]] bool stopped_early() const { return early_stop_.has_value(); }
  // Once over(): whether processes of the task could not be ended.
  [[nodiscard]] bool left_behind() const { return !tree_->empty(); }
  // Once over(); removes the task's cgroup, so that whoever hears of the end finds nothing left of it.
  [[nodiscard]] ipc::TaskEnd take_end();

 private:
  enum class Stage { before, running, stopping, ending, over };
  struct Stream {
    UniqueFd pipe;
    ipc::OutputStream kind;
  };

  Result<void> start();
  bool run_waiting();
  bool limit_memory();
  Result<void> open_log();
  Result<void> open_streams(UniqueFd& standard_output, UniqueFd& standard_error);
  Result<void> make_timers();
  Result<void> watch_all();
  void on_output(Stream& stream, bool bounded);
  void on_child();
  void on_deadline();
  void on_poll_limits();
  void check_limits();
  void give_up_on(EndCause::Kind kind, const std::string& by = "");
  void finish_stage();
  void announce();
  [[nodiscard]] std::uint64_t elapsed_us() const;
  [[nodiscard]] double elapsed_seconds() const { return static_cast<double>(elapsed_us()) / 1e6; }

  Poller& poller_;
  const ipc::RunCommand& command_;
  int container_;
  std::function<void()> on_change_;
  Stage stage_ = Stage::before;
  EndCause cause_;
  std::optional<std::string> early_stop_;  // a stop that came before the start

  std::int64_t started_us_ = 0;  // monotonic
  std::int64_t started_ms_ = 0;  // wall clock
  std::int64_t finished_ms_ = 0;
  std::int64_t kill_deadline_us_ = 0;

  UniqueFd children_;
  std::optional<OutputLog> log_;
  std::optional<TaskTree> tree_;
  std::optional<WaitingInterpreter> waiting_;
  bool forked_ = false;           // by a launcher,
  std::string container_folder_;  // in this container
  // What the interpreter took before there was a task, beyond what any takes: it is not the task's.
  double cpu_seconds_before_ = 0;
  std::uint64_t memory_before_ = 0;
  std::uint64_t memory_mb_ = 0;  // the limit that is set
  Stream streams_[2] = {{{}, ipc::OutputStream::standard_output}, {{}, ipc::OutputStream::standard_error}};
  std::optional<Timer> deadline_;  // time limit, then grace, then repeated kills
  std::optional<Timer> poll_;      // limits that the kernel does not announce
  std::optional<Timer> announce_;  // bounds how often a flood is announced
  bool announced_ = false;         // anything at all
  bool announce_armed_ = false;
  bool announce_due_ = false;
};

}  // namespace am::observer
