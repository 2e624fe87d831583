// Where tasks run apart from the machine: their container, its way out to the network, and what each task may
// do in it.
#pragma once

#include <memory>
#include <string>

#include "base/unique_fd.h"
#include "hypervisor/outgoing_network.h"
#include "hypervisor/task_container.h"
#include "process/confinement.h"

namespace am::hypervisor {

class TaskHost {
 public:
  struct Settings {
    ContainerSettings container;
    TaskIsolation isolation = TaskIsolation::shared;  // of tasks that do not say
    std::string network_log;
  };
  // Makes the container, or takes back the one of an earlier hypervisor.
  static Result<std::unique_ptr<TaskHost>> open(asio::any_io_executor executor, Settings settings);

  [[nodiscard]] int process() const { return container_.process(); }  // a pidfd, see TaskContainer
  [[nodiscard]] const image::ImageInfo& image() const { return settings_.container.image; }
  // For the log: image, isolation, network, and what this machine cannot do.
  [[nodiscard]] std::string description() const;

  // Makes the folders that the task itself writes and reads; they are its user's.
  Result<void> prepare(const ipc::TaskSpec& task) const;
  // The same for a task in shared isolation that does not exist yet, by the name of its slot.
  Result<void> prepare_slot(const std::string& slot) const;
  // Adds the task's place in the container and its rights.
  void confine(const ipc::TaskSpec& task, ipc::RunCommand& command) const;
  // The same for an interpreter that waits for a task in shared isolation.
  void confine_slot(ipc::RunCommand& command) const;
  [[nodiscard]] bool isolates(const ipc::TaskSpec& task) const;
  // For a process of the platform in the tasks' place.
  [[nodiscard]] process::Confinement confinement() const;
  // A Landlock ruleset for processes in the container.
  [[nodiscard]] Result<UniqueFd> make_domain() const;
  // The container's folder on this machine.
  [[nodiscard]] const std::string& container_folder() const { return container_.folder(); }

  // Where that task's own folder is to be made.
  [[nodiscard]] const std::string& own_folders_of(const ipc::TaskSpec& task) const;
  // The same for the tasks in shared isolation.
  [[nodiscard]] const std::string& own_folders() const { return container_.own_folders(); }

  // Sockets of this process that listen on the container's own 127.0.0.1.
  [[nodiscard]] Result<UniqueFd> listen_inside(std::uint16_t port) const;

  // Keeps the way out open, and returns when the container has ended by somebody else's hand.
  Awaitable<> watch();
  // A new container in the place of one that has ended.
  Result<void> reopen();
  // Ends containers of former settings: no task runs there any more.
  void end_former() { container_.end_former(); }
  // Ends everything inside.
  void end() { container_.end(); }

 private:
  TaskHost(asio::any_io_executor executor, Settings settings, TaskContainer container, std::string filter);
  Result<void> open_network();
  [[nodiscard]] uid_t user_of(const ipc::TaskSpec& task) const;

  asio::any_io_executor executor_;
  Settings settings_;
  TaskContainer container_;
  std::string filter_;  // of system calls, see make_syscall_filter()
  std::unique_ptr<OutgoingNetwork> network_;
  std::string network_problem_;
};

}  // namespace am::hypervisor
