#include "hypervisor/tasks.h"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <array>
#include <cstddef>

#include "base/clock.h"
#include "base/files.h"
#include "hypervisor/leftovers.h"
#include "hypervisor/task_host.h"
#include "hypervisor/task_records.h"
#include "ipc/codec.h"
#include "loop/backoff.h"

namespace am::hypervisor {
namespace {

using namespace std::chrono_literals;

// An observer listens microseconds after it has taken its folder's lock; a stopped one (SIGSTOP) still
// accepts.
constexpr auto kReconnectFor = 10s;
constexpr int kTurnsOfAnAnswer = 16;

// The folder of a slot's output becomes the task's. Not when somebody has made one with the task's name.
bool take_workdir(const std::string& prepared, const std::string& workdir) {
  if (rename_to_new(prepared, workdir)) return true;
  ::rmdir(prepared.c_str());
  return false;
}

}  // namespace

Tasks::Tasks(asio::any_io_executor executor, TaskGroup& group, Places places, TaskDefaults defaults,
             Observers& observers)
    : executor_(executor),
      group_(group),
      places_(std::move(places)),
      defaults_(std::move(defaults)),
      observers_(observers),
      changed_(executor) {}

std::shared_ptr<Task> Tasks::add(const ipc::TaskSpec& spec) {
  auto task = std::make_shared<Task>(executor_, spec, TaskFolder(places_.tasks, spec.pid));
  tasks_[spec.pid] = task;
  changed_.notify_all();
  return task;
}

Result<void> Tasks::recover() {
  const auto pids = task_folders(places_.tasks);
  if (!pids) return pass_on(pids);
  for (const std::string& pid : *pids) {
    const TaskFolder folder(places_.tasks, pid);
    if (folder.acknowledged() || !folder.exists()) continue;
    const auto spec = folder.read_spec();
    if (!spec) {
      spdlog::error("task {} is left alone: {}", pid, spec.error().message);
      continue;
    }
    // Written, never started: the manager sends it again.
    if (!folder.started() && !folder.observed()) continue;
    take_back(add(*spec));
  }
  return {};
}

void Tasks::start(const ipc::TaskSpec& spec) {
  if (const auto known = find(spec.pid)) {
    if (listener_ == nullptr) return;
    if (known->end) {
      listener_->on_ended(*known);
    } else if (known->state == TaskState::running) {
      listener_->on_started(*known);
    }
    return;
  }
  const auto task = add(spec);
  const TaskFolder& folder = task->folder;
  if (folder.started() || folder.observed()) {  // known from an earlier life, and acknowledged then
    take_back(task);
    return;
  }
  if (spec.parent_pid.empty()) return launch(task);
  group_.spawn("start of task " + spec.pid, launch_after_the_answer(task));
}

void Tasks::launch(const std::shared_ptr<Task>& task) {
  auto started = begin(task);
  if (!started) {
    finish_unobserved(*task, OutcomeKind::failed_to_start, started.error().message);
    return;
  }
  task->observer_id = number_of(*started->process);
  group_.spawn("task " + task->spec.pid, run(task, std::move(started->channel), std::move(started->process)));
}

// The parent's answer came just before this order, and its coroutine is some turns of the loop from writing
// it: starting a process first would cost the parent a millisecond.
Awaitable<> Tasks::launch_after_the_answer(std::shared_ptr<Task> task) {
  for (int turn = 0; turn < kTurnsOfAnAnswer; ++turn) co_await asio::post(executor_, asio::use_awaitable);
  launch(task);
}

// A task from an earlier life of this hypervisor.
void Tasks::take_back(const std::shared_ptr<Task>& task) {
  // Without its socket the task can go on, but not talk.
  if (auto opened = doors_->open(task, UniqueFd()); !opened)
    spdlog::error("task {}: {}", task->spec.pid, opened.error().message);
  group_.spawn("task " + task->spec.pid, run(task, nullptr, nullptr));
}

// What the task itself writes and reads.
Result<void> Tasks::make_places(const Task& task, const std::optional<Slot>& slot) const {
  const std::string workdir = places_.workdirs + "/" + task.spec.pid;
  if (slot && take_workdir(places_.workdirs + "/" + slot->name, workdir)) return {};
  const TaskHost* const host = defaults_.host;
  const std::string& own = host != nullptr ? host->own_folders_of(task.spec) : places_.own;
  if (auto made = task.folder.make(own); !made) return made;
  if (host != nullptr) return host->prepare(task.spec);
  if (task.spec.isolation == TaskIsolation::isolated) {
    return fail(ErrorCode::unavailable,
                "the application's tasks are to be isolated, and this hypervisor has no task container; "
                "its log says why");
  }
  return make_folders(workdir);
}

Result<StartedObserver> Tasks::begin(const std::shared_ptr<Task>& task) {
  auto slot = task->folder.made() ? std::nullopt : slots_->take(task->spec);
  auto begun = begin_with(task, slot);
  if (!begun && slot) slots_->give_back(std::move(*slot));
  return begun;
}

Result<StartedObserver> Tasks::begin_with(const std::shared_ptr<Task>& task, std::optional<Slot>& slot) {
  const ipc::TaskSpec& spec = task->spec;
  if (slot) {
    if (auto taken = task->folder.take_over(slot->folder); !taken) return pass_on(taken);
    task->group = slot->name;
  }
  if (auto made = make_places(*task, slot); !made) return pass_on(made);
  const TaskView view = view_of(spec, places_, defaults_);
  const std::string params = task_params_json(spec, application_path(spec, view), output_path(spec, view));
  if (auto made = task->folder.create(spec, params); !made) return pass_on(made);
  if (auto opened = doors_->open(task, slot ? std::move(slot->door) : UniqueFd()); !opened)
    return pass_on(opened);
  if (!slot) return start_cold(*task);
  // With one that has just died run() starts anew.
  if (!slot->channel->post(ipc::encode(command_of(*task))) && !slot->channel->closed())
    return fail(ErrorCode::too_large, "the task's start command is too large");
  return StartedObserver{std::move(slot->process), std::move(slot->channel)};
}

ipc::RunCommand Tasks::command_of(const Task& task) const {
  ipc::RunCommand command = run_command(task.spec, places_, defaults_);
  command.group = task.group;
  return command;
}

Result<StartedObserver> Tasks::start_cold(const Task& task) {
  return observers_.start({.task_folder = task.folder.path(),
                           .container = defaults_.host != nullptr ? defaults_.host->process() : -1},
                          command_of(task));
}

// One task from its observer's first word to its end, across lost connections.
Awaitable<> Tasks::run(std::shared_ptr<Task> task, std::shared_ptr<net::ByteChannel> channel,
                       std::shared_ptr<ObserverProcess> process) {
  co_await follow_to_the_end(task, std::move(channel));
  // Its slot has died just when the task came, or a hypervisor that had taken one: nothing of the task has
  // begun.
  if (!task->end && !task->folder.started()) {
    if (process) co_await observers_.finish(std::move(process));
    auto again = start_cold(*task);
    if (!again) co_return finish_unobserved(*task, OutcomeKind::failed_to_start, again.error().message);
    process = std::move(again->process);
    task->observer_id = number_of(*process);
    co_await follow_to_the_end(task, std::move(again->channel));
  }
  if (!task->end) co_await settle(task);
  if (process) co_await observers_.finish(std::move(process));
}

Awaitable<> Tasks::follow_to_the_end(std::shared_ptr<Task> task, std::shared_ptr<net::ByteChannel> channel) {
  if (!channel) channel = co_await reconnect(task);
  while (channel && !task->end) {
    co_await follow(task, channel);
    channel.reset();
    if (!task->end) channel = co_await reconnect(task);
  }
}

// Waits for the folder's observer while one lives there; nothing when none does.
Awaitable<std::shared_ptr<net::ByteChannel>> Tasks::reconnect(std::shared_ptr<Task> task) {
  Backoff backoff(1ms, 200ms);
  asio::steady_timer timer(executor_);
  const auto give_up = std::chrono::steady_clock::now() + kReconnectFor;
  while (task->folder.observed() && std::chrono::steady_clock::now() < give_up) {
    auto channel = connect_observer(executor_, task->folder.path());
    if (channel) co_return *channel;
    timer.expires_after(backoff.next());
    co_await timer.async_wait(asio::use_awaitable);
  }
  co_return nullptr;
}

// Reads the observer's messages until the connection ends.
Awaitable<> Tasks::follow(std::shared_ptr<Task> task, std::shared_ptr<net::ByteChannel> channel) {
  task->observer = channel;
  if (task->stop_by) channel->post(ipc::encode(ipc::StopCommand{*task->stop_by}));
  ipc::FrameDecoder decoder;
  std::array<std::byte, 4096> buffer;
  try {
    for (;;) {
      const std::size_t size = co_await channel->read_some(buffer);
      if (size == 0) break;
      decoder.feed(std::string_view(reinterpret_cast<const char*>(buffer.data()), size));
      if (!take_messages(*task, decoder)) break;
    }
  } catch (const boost::system::system_error& failure) {
    if (failure.code() == asio::error::operation_aborted) throw;
    // A broken connection: run() finds out what became of the observer.
  }
  task->observer.reset();
}

bool Tasks::take_messages(Task& task, ipc::FrameDecoder& decoder) {
  for (;;) {
    const auto message = decoder.next();
    if (!message) {
      spdlog::error("task {}: its observer sent garbage: {}", task.spec.pid, message.error().message);
      return false;
    }
    if (!*message) return true;
    handle(task, **message);
  }
}

void Tasks::handle(Task& task, const ipc::Message& message) {
  if (const auto* status = std::get_if<ipc::ObserverStatus>(&message)) {
    task.output_bytes = status->output_bytes;
    task.observer_id = static_cast<pid_t>(status->observer_id);
    const bool started = status->state == TaskState::running && task.state == TaskState::starting;
    if (started) {
      task.state = TaskState::running;
      task.started_ms = status->started_ms;
    }
    task.changed.notify_all();
    if (started) group_.spawn("start of task " + task.spec.pid, report_start(find(task.spec.pid)));
  } else if (const auto* report = std::get_if<ipc::EndReport>(&message)) {
    finish(task, report->end);
  }
}

// Behind the readers of its output, who have somebody waiting. Its end says when it was started, too.
Awaitable<> Tasks::report_start(std::shared_ptr<Task> task) {
  co_await asio::post(executor_, asio::use_awaitable);
  if (task && !task->end && listener_ != nullptr) listener_->on_started(*task);
}

// No observer lives: the folder says how it was, or that nobody knows.
Awaitable<> Tasks::settle(std::shared_ptr<Task> of) {
  Task& task = *of;
  const auto end = task.folder.read_end();
  if (end && *end) {
    finish(task, **end);
  } else if (!end) {
    finish_unobserved(task, OutcomeKind::lost, end.error().message);
  } else if (task.folder.started()) {
    co_await end_leftovers(of);
    finish_unobserved(task, OutcomeKind::lost, "its observer was killed or the machine was restarted");
  } else {
    finish_unobserved(task, OutcomeKind::failed_to_start,
                      "its observer ended before the start; see " + places_.tasks + "/observers.log");
  }
}

// What an observer that was killed could not tidy up.
Awaitable<> Tasks::end_leftovers(std::shared_ptr<Task> task) {
  const bool ended = co_await end_group(defaults_.cgroups, task->group);
  if (!ended) spdlog::error("task {}: processes of it cannot be ended", task->spec.pid);
  if (auto removed = container::remove_container_folder(task->folder.container_folder()); !removed)
    spdlog::warn("task {}: {}", task->spec.pid, removed.error().message);
}

void Tasks::finish_unobserved(Task& task, OutcomeKind kind, std::string message) {
  ipc::TaskEnd end;
  end.outcome = {kind, std::nullopt, std::nullopt, std::move(message)};
  end.started_ms = task.started_ms;
  end.finished_ms = wall_clock_ms();
  end.usage.output_bytes = task.output_bytes;
  // Best effort: the manager hears of it in any case, from memory.
  if (auto written = task.folder.write_end(end); !written) {
    spdlog::warn("task {}: {}", task.spec.pid, written.error().message);
  }
  finish(task, std::move(end));
}

void Tasks::finish(Task& task, ipc::TaskEnd end) {
  if (task.end) return;
  task.state = TaskState::closed;
  task.output_bytes = end.usage.output_bytes;
  task.end = std::move(end);
  task.changed.notify_all();
  changed_.notify_all();
  doors_->close(task);
  task.folder.remove_own();
  if (listener_ != nullptr) listener_->on_ended(task);
}

void Tasks::stop(const std::string& pid, const std::string& by) {
  const auto task = find(pid);
  if (!task || task->end) return;
  task->stop_by = by;
  if (task->observer) task->observer->post(ipc::encode(ipc::StopCommand{by}));
}

void Tasks::acknowledge(const std::string& pid) {
  const auto task = find(pid);
  if (!task || !task->end) return;
  if (auto marked = task->folder.acknowledge(); !marked) {
    spdlog::warn("{}", marked.error().message);  // it is reported once more after a restart
  }
  tasks_.erase(pid);
}

std::shared_ptr<Task> Tasks::find(const std::string& pid) const {
  const auto found = tasks_.find(pid);
  return found == tasks_.end() ? nullptr : found->second;
}

Awaitable<std::shared_ptr<Task>> Tasks::wait_for(std::string pid,
                                                 std::chrono::steady_clock::duration at_most) {
  const auto deadline = std::chrono::steady_clock::now() + at_most;
  for (;;) {
    const std::uint64_t seen = changed_.version();
    if (auto task = find(pid)) co_return task;
    const auto left = deadline - std::chrono::steady_clock::now();
    if (left <= std::chrono::steady_clock::duration::zero()) co_return nullptr;
    co_await changed_.changed_since(seen, left);
  }
}

std::vector<std::string> Tasks::open_pids() const {
  std::vector<std::string> pids;
  for (const auto& [pid, task] : tasks_) {
    if (!task->end) pids.push_back(pid);
  }
  return pids;
}

std::vector<std::shared_ptr<Task>> Tasks::open() const {
  std::vector<std::shared_ptr<Task>> running;
  for (const auto& [pid, task] : tasks_) {
    if (!task->end) running.push_back(task);
  }
  return running;
}

std::vector<std::shared_ptr<Task>> Tasks::unacknowledged() const {
  std::vector<std::shared_ptr<Task>> ended;
  for (const auto& [pid, task] : tasks_) {
    if (task->end) ended.push_back(task);
  }
  return ended;
}

std::uint32_t Tasks::open_count() const { return static_cast<std::uint32_t>(open_pids().size()); }

Awaitable<> Tasks::stop_all(std::string by) {
  for (const std::string& pid : open_pids()) stop(pid, by);
  for (;;) {
    const std::uint64_t seen = changed_.version();
    if (open_count() == 0) co_return;
    co_await changed_.changed_since(seen);
  }
}

}  // namespace am::hypervisor
