// One supervised daemon: started, awaited until it is ready, ended.
#pragma once

#include <boost/json.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "loop/awaitable.h"
#include "process/child.h"

namespace am::up {

namespace json = boost::json;

struct DaemonSpec {
  std::string name;    // "manager": the subcommand of am, and the name of its files
  std::string folder;  // where its ready file appears
  std::string log;     // its stderr is appended to this file; empty: to our own stderr
  int lock_fd = -1;    // inherited, see DataLock
};

class Daemon {
 public:
  Daemon(asio::any_io_executor executor, DaemonSpec spec);

  // Starts `am NAME arguments... --ready-file FILE` and returns its ready file's object. It is killed when
  // this process dies. When it ends first, or is not ready within 60 s, the error carries the last lines of
  // its log: invalid_argument for exit code 2 (wrong options), else unavailable.
  Awaitable<Result<json::object>> start(std::vector<std::string> arguments);
  // For a daemon that runs and becomes ready again, as the hypervisor does when the manager welcomes it anew:
  // forget its ready file, do what brings it about, then wait for the file. false when it takes too long.
  Result<void> forget_ready() const;
  Awaitable<bool> ready_again(std::chrono::seconds patience);
  // Waits for its end, and says how it was.
  Awaitable<process::ExitStatus> ended();
  // SIGTERM, and SIGKILL when it has not ended within `patience`. Nothing when it does not run.
  Awaitable<> stop(std::chrono::seconds patience);

  [[nodiscard]] const std::string& name() const { return spec_.name; }
  [[nodiscard]] bool running() const { return child_ && child_->running(); }
  [[nodiscard]] pid_t pid() const { return child_ ? child_->pid() : 0; }
  // The last lines that it has logged since its start; empty when its stderr is ours.
  [[nodiscard]] std::string last_words() const;

 private:
  Result<void> spawn(std::vector<std::string> arguments);
  Awaitable<Result<json::object>> ready_or_dead(class ReadyWatch& watch);
  [[nodiscard]] std::string ready_name() const { return spec_.name + ".ready"; }
  [[nodiscard]] std::string ready_file() const { return spec_.folder + "/" + ready_name(); }

  asio::any_io_executor executor_;
  DaemonSpec spec_;
  std::optional<process::Child> child_;
  std::optional<asio::posix::stream_descriptor> exit_;  // a copy of the child's pidfd
  std::uint64_t log_start_ = 0;                         // size of the log before this start
};

// "exit code 1", "SIGKILL".
std::string exit_words(const process::ExitStatus& status);

}  // namespace am::up
