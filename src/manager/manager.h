// The manager as a whole: every part, made and connected here, and the server in front of them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/task.h"
#include "loop/awaitable.h"
#include "manager/child_limits.h"

namespace am::manager {

struct ManagerOptions {
  std::string data_dir;
  std::string listen_host = "127.0.0.1";
  std::uint16_t listen_port = 8080;  // 0: the kernel picks one
  std::string ipc_host = "127.0.0.1";
  std::uint16_t ipc_port = 18563;  // 0: the kernel picks one
  std::string secret_file;         // what hypervisors must know; empty: <data>/secret, made when missing
  std::string ready_file;          // empty: none
  TaskLimits default_limits;       // of a run that names none
  std::string web_dir;             // the IDE's files; empty: where the installation has them
  ChildLimits children;            // of what tasks start
  std::vector<std::string> allowed_hosts;  // names of this server beside the machine's own
};

// Where a started manager is reached.
struct ManagerEndpoint {
  std::string url;  // "http://127.0.0.1:8080"
  std::string token;
  std::uint16_t ipc_port = 0;
};

class Manager {
 public:
  // Opens the data and binds the ports; nothing is served before run().
  static Result<std::unique_ptr<Manager>> create(asio::any_io_executor executor, ManagerOptions options);
  ~Manager();

  [[nodiscard]] const ManagerEndpoint& endpoint() const;
  // "GET /api/v1/applications/{id}" of every route.
  [[nodiscard]] const std::vector<std::string>& route_names() const;

  // Starts serving. Call stop() before the end.
  void start();
  // Ends every connection and all work; returns when nothing is left.
  Awaitable<> stop();

 private:
  class Impl;
  explicit Manager(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Writes {"url","token","ipcPort","managerPid"} in one step, readable by the owner only.
Result<void> write_endpoint_file(const std::string& file, const ManagerEndpoint& endpoint);

// `am manager`: runs until SIGINT or SIGTERM and gives the exit code. DEFAULT_TASK_TIMEOUT_SEC,
// DEFAULT_TASK_MAX_MEMORY_MB and AM_ALLOWED_HOSTS (names, separated by commas) of the environment count. 2
// for options or an environment that cannot be taken, 1 for any other failure; the reason is on stderr.
int run_manager(ManagerOptions options);

}  // namespace am::manager
