// The tasks that are not closed, in memory: what followers wait on, and what placement counts. Closed tasks
// are only in the store, so their number costs nothing here.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "loop/event.h"
#include "storage/task_store.h"

namespace am::manager {

// Held by followers beyond the end: `row` then says how it ended.
struct OpenTask {
  OpenTask(const asio::any_io_executor& executor, storage::TaskRow the_row)
      : row(std::move(the_row)), changed(executor) {}

  storage::TaskRow row;                      // without start_params, which may be large
  std::optional<std::string> unsent_params;  // those, until its hypervisor is sent the task
  Event changed;                             // a new state, a child started, its hypervisor came or went
};
using OpenTaskPtr = std::shared_ptr<OpenTask>;

class OpenTasks {
 public:
  explicit OpenTasks(asio::any_io_executor executor) : executor_(std::move(executor)) {}

  // A queued task joins the queue of its virtual environment; any other counts for its hypervisor.
  OpenTaskPtr add(storage::TaskRow row);
  // Null when that one is closed or unknown.
  [[nodiscard]] OpenTaskPtr find(const std::string& pid) const;
  // Leaves its queue for a hypervisor; its state is `starting` then.
  void assign(OpenTask& task, const std::string& hypervisor_id);
  void remove(const OpenTaskPtr& task);

  [[nodiscard]] std::uint32_t assigned_to(const std::string& hypervisor_id) const;
  [[nodiscard]] std::vector<OpenTaskPtr> of_hypervisor(std::string_view hypervisor_id) const;
  // The environments that somebody waits for, and the first who does; null when nobody.
  [[nodiscard]] std::vector<std::string> queued_venvs() const;
  [[nodiscard]] OpenTaskPtr first_queued(const std::string& venv) const;
  // How many of them this task started.
  [[nodiscard]] std::size_t children_of(const std::string& pid) const;
  [[nodiscard]] std::size_t queued() const { return queued_; }
  [[nodiscard]] std::size_t count(TaskState state) const;

 private:
  void leave_queue(const OpenTask& task);

  asio::any_io_executor executor_;
  std::unordered_map<std::string, OpenTaskPtr> tasks_;          // by pid
  std::map<std::string, std::uint32_t, std::less<>> assigned_;  // by hypervisor id
  std::map<std::string, std::deque<std::string>, std::less<>>
      queues_;  // pids by virtual environment, oldest first
  std::size_t queued_ = 0;
  std::unordered_map<std::string, std::size_t> children_;  // by the parent's pid
};

}  // namespace am::manager
