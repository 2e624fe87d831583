// The embedded platform: a manager and a hypervisor on one data folder, and what others need to reach them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/host_port.h"
#include "up/daemon.h"

namespace am::up {

struct UpOptions {
  std::string data;
  HostPort listen{"127.0.0.1", 8080};             // port 0: the kernel picks one, here and below
  std::uint16_t resource_port = 18564;            // the hypervisor's HTTP and WebSocket side
  std::uint16_t ipc_port = 18563;                 // where hypervisors dial in
  std::string ready_file;                         // empty: none
  std::vector<std::string> allowed_origins;       // of web pages that may connect to tasks
  bool verbose = false;                           // the daemons' logs on our stderr instead of <data>/logs
  std::vector<std::string> hypervisor_arguments;  // more options of `am hypervisor`, as given
};

class Platform {
 public:
  Platform(asio::any_io_executor executor, UpOptions options, int lock_fd);

  // Each starts one daemon and learns its ports; a restart uses the same ones. The hypervisor is ready once
  // the manager has welcomed it, so after both a task can be started.
  Awaitable<Result<void>> start_manager();
  Awaitable<Result<void>> start_hypervisor();
  // After its end, until the hypervisor that runs beside it is welcome again.
  Awaitable<Result<void>> restart_manager();
  // Tasks first: the hypervisor stops them kindly before it ends, then the manager, each within a bound.
  Awaitable<> stop();
  // Writes the ready file, readable by the owner only; nothing while one of the two does not run.
  Result<void> publish() const;
  // A link that signs a browser in.
  Awaitable<Result<std::string>> sign_in_link();

  Daemon& manager() { return manager_; }
  Daemon& hypervisor() { return hypervisor_; }
  [[nodiscard]] const std::string& url() const { return url_; }

 private:
  UpOptions options_;
  Daemon manager_;
  Daemon hypervisor_;
  std::string url_;
  std::string token_;
};

// Makes the folders and the secret that the daemons expect. Errors name the folder.
Result<void> prepare_data(const std::string& data);

}  // namespace am::up
