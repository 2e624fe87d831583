// The container of this hypervisor's tasks: made at its start, found again by the next one, ended with the
// last task.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "container/container.h"
#include "hypervisor/image_choice.h"
#include "hypervisor/task_surroundings.h"

namespace am::hypervisor {

struct ContainerSettings {
  image::ImageInfo image;
  std::string program;  // am-container
  std::string host_name;
  bool sources_writable = false;
  bool outgoing = true;  // connections to the network outside
  Places places;
};

class TaskContainer {
 public:
  // Takes back the living container that was made with the same settings, else makes one; removes what dead
  // ones left.
  static Result<TaskContainer> open(const ContainerSettings& settings);

  // A pidfd of its first process.
  [[nodiscard]] int process() const { return container_.process(); }
  [[nodiscard]] const std::string& folder() const { return folder_; }
  // /run/am of it, seen from here: where its tasks have their own folders. In memory, because files that come
  // and go with each task would keep ext4 looking for inodes that were not freed lately.
  [[nodiscard]] const std::string& own_folders() const { return own_folders_; }
  // Whether an earlier hypervisor made it, and what this machine cannot do (empty: everything works).
  [[nodiscard]] bool taken_back() const { return taken_back_; }
  [[nodiscard]] const std::string& note() const { return container_.note(); }

  // Ends containers with former settings, in which no task runs any more.
  void end_former();
  // Ends everything inside.
  void end();

 private:
  TaskContainer(container::Container container, std::string folder);

  container::Container container_;
  std::string folder_;
  std::string own_folders_;
  bool taken_back_ = false;
  std::vector<container::Container> former_;
};

// What an isolated task's own container is made of; `user` is its own, too.
ipc::ContainerSpec own_container_of(const ipc::TaskSpec& task, const ContainerSettings& settings,
                                    std::uint32_t user);

}  // namespace am::hypervisor
