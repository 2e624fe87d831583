// A container of tasks as those outside see it: made, found again, ended. It lives on without this process.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/unique_fd.h"
#include "ipc/messages.h"

namespace am::container {

inline constexpr const char* kAliveSocket = "alive";

struct StartOptions {
  std::string program;            // am-container
  int network_of = -1;            // a pidfd: the container shares that process's network; -1: it has its own
  std::vector<int> cgroup_procs;  // open cgroup.procs files that it joins
  int held = -1;                  // a descriptor that lives as long as the container: a lock on its image
  int log = -1;                   // where its complaints go
};

class Container {
 public:
  // Makes the container in spec.folder, which is made where it is missing, and returns when it stands.
  static Result<Container> start(const StartOptions& options, const ipc::ContainerSpec& spec);
  // The living container in that folder; nothing when none lives there.
  static Result<std::optional<Container>> find(const std::string& folder);

  // Its first process, a pidfd: whoever joins that one's namespaces is inside.
  [[nodiscard]] int process() const { return process_.get(); }
  // What start() found that this machine cannot do.
  [[nodiscard]] const std::string& note() const { return note_; }

  // Ends everything inside at once and waits until it is gone; then its folder is removed.
  Result<void> end();

 private:
  Container(UniqueFd process, std::string folder)
      : process_(std::move(process)), folder_(std::move(folder)) {}

  UniqueFd process_;
  std::string folder_;
  std::string note_;
};

// Removes what a container that ended has written.
Result<void> remove_container_folder(const std::string& folder);

// A connection to the container's socket `alive`: it hangs up when the container ends.
Result<UniqueFd> connect_alive(const std::string& folder);

}  // namespace am::container
