#include "manager/task_service.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "base/clock.h"
#include "base/random.h"
#include "manager/params.h"

namespace am::manager {
namespace {

ipc::TaskSpec spec_of(const storage::TaskRow& row) {
  ipc::TaskSpec spec;
  spec.pid = row.pid;
  spec.parent_pid = row.parent_pid;
  spec.application_id = row.application_id;
  spec.application_dir = row.application_folder;
  spec.script_path = row.script_path;
  spec.script_params = row.start_params;
  spec.owner = row.owner;
  spec.venv = row.venv;
  spec.limits = row.limits;
  spec.isolation = row.isolation;
  return spec;
}

}  // namespace

std::string_view explain(StopProgress progress) {
  switch (progress) {
    case StopProgress::closed:
      return "the task was queued and is closed now";
    case StopProgress::requested:
      return "the task is being stopped";
    case StopProgress::deferred:
      return "the task's hypervisor is not connected; the task is stopped as soon as it is back";
  }
  return "";
}

TaskService::TaskService(const asio::any_io_executor& executor, Options options, storage::TaskStore& tasks,
                         storage::ApplicationStore& applications, storage::AccountStore& accounts,
                         Hypervisors& hypervisors, const Placement& placement)
    : options_(std::move(options)),
      tasks_(tasks),
      applications_(applications),
      accounts_(accounts),
      hypervisors_(hypervisors),
      placement_(placement),
      open_(executor) {}

Result<void> TaskService::load() {
  auto rows = tasks_.open();
  if (!rows) return pass_on(rows);
  for (storage::TaskRow& row : *rows) open_.add(std::move(row));
  return {};
}

Result<std::optional<std::string>> TaskService::place(const std::string& venv) const {
  std::vector<HypervisorLoad> loads;
  for (const HypervisorInfo* hypervisor : hypervisors_.connected()) {
    HypervisorLoad load{.id = hypervisor->id,
                        .capacity = hypervisor->capacity,
                        .running = open_.assigned_to(hypervisor->id),
                        .venvs = {}};
    for (const ipc::VenvInfo& known : hypervisor->venvs) load.venvs.push_back(known.name);
    loads.push_back(std::move(load));
  }
  return placement_.choose(venv, loads);
}

Result<storage::TaskRow> TaskService::prepare(const storage::User& who, const StartRequest& request) {
  const auto runnable = find_runnable_script(applications_, options_.sources, request.target);
  if (!runnable) return pass_on(runnable);
  const auto general = accounts_.general_parameters(who.id);
  if (!general) return pass_on(general);
  const auto params = merge_run_params(*general, request.params, options_.default_limits);
  if (!params) return pass_on(params);
  if (const auto allowed = check_family(request); !allowed) return pass_on(allowed);

  storage::TaskRow row;
  row.start_params = json::serialize(params->merged);
  if (row.start_params.size() > kParamsLimit) {
    return fail(ErrorCode::too_large, "params: {} bytes with the general parameters, at most {} are possible",
                row.start_params.size(), kParamsLimit);
  }
  row.pid = request.pid.empty() ? random_uuid() : request.pid;
  row.parent_pid = request.parent_pid;
  row.application_id = runnable->application.id;
  row.application_folder = runnable->application.folder;
  row.script_id = runnable->script.id;
  row.script_path = runnable->script.path;
  row.owner = who.name;
  row.limits = params->limits;
  row.isolation = runnable->application.isolation;
  row.created_ms = wall_clock_ms();
  return row;
}

Result<void> TaskService::check_family(const StartRequest& request) {
  if (request.parent_pid.empty()) return {};
  const std::size_t children = open_.children_of(request.parent_pid);
  if (children >= options_.children.count) {
    return fail(ErrorCode::resource_exhausted,
                "task {} has {} open child tasks already, which is the limit (AM_MAX_CHILD_TASKS)",
                request.parent_pid, children);
  }
  std::size_t depth = 1;
  for (std::string ancestor = request.parent_pid; !ancestor.empty(); ++depth) {
    if (depth > options_.children.depth) {
      return fail(ErrorCode::resource_exhausted,
                  "task {} is {} generations deep already, which is the limit (AM_MAX_CHILD_DEPTH)",
                  request.parent_pid, options_.children.depth);
    }
    auto row = get(ancestor);
    if (!row) return pass_on(row);
    ancestor = std::move(row->parent_pid);
  }
  return {};
}

Result<std::optional<std::string>> TaskService::find_repeated(const StartRequest& request) {
  if (request.pid.empty()) return std::nullopt;
  const auto known = tasks_.find(request.pid);
  if (!known) return pass_on(known);
  if (!*known) return std::nullopt;
  if ((*known)->parent_pid == request.parent_pid) return request.pid;
  return fail(ErrorCode::already_exists, "childPid: there is a task {} already", request.pid);
}

Result<std::string> TaskService::start(const storage::User& who, const StartRequest& request) {
  auto pid = accept(who, request);
  if (pid) hand_over(*pid);
  return pid;
}

Result<std::string> TaskService::accept(const storage::User& who, const StartRequest& request) {
  auto repeated = find_repeated(request);
  if (!repeated) return pass_on(repeated);
  if (*repeated) return **std::move(repeated);
  auto row = prepare(who, request);
  if (!row) return pass_on(row);
  const auto place_for_it = place(row->venv);
  if (!place_for_it) return pass_on(place_for_it);
  // Whoever waits already comes first.
  const bool has_room = place_for_it->has_value() && open_.first_queued(row->venv) == nullptr;
  if (!has_room && open_.queued() >= kQueueLimit) {
    return fail(ErrorCode::resource_exhausted,
                "all hypervisors are full and {} tasks are queued already; try later", open_.queued());
  }
  if (has_room) {
    row->state = TaskState::starting;
    row->hypervisor_id = **place_for_it;
  }
  const auto sequence = tasks_.insert(*row);
  if (!sequence) return pass_on(sequence);
  row->sequence = *sequence;
  ++totals_.accepted;

  const std::string pid = row->pid;
  const std::string parent_pid = row->parent_pid;
  std::string params = row->start_params;
  const auto task = open_.add(*std::move(row));
  if (has_room) task->unsent_params = std::move(params);
  if (const auto parent = open_.find(parent_pid)) parent->changed.notify_all();
  tell_changed(pid);
  return pid;
}

void TaskService::hand_over(const std::string& pid) {
  const auto task = open_.find(pid);
  if (task == nullptr || task->row.state != TaskState::starting || !task->unsent_params) return;
  ipc::StartTask order{spec_of(task->row)};
  order.spec.script_params = *std::exchange(task->unsent_params, std::nullopt);
  // A link that breaks just now is no error: the task is sent again when the hypervisor is back.
  hypervisors_.send(task->row.hypervisor_id, std::move(order));
  if (hooks_.handed_over) hooks_.handed_over(*task);
}

void TaskService::tell_changed(const std::string& pid) const {
  if (hooks_.changed) hooks_.changed(pid);
}

Result<OpenTaskPtr> TaskService::find_open(const std::string& pid) {
  if (auto task = open_.find(pid)) return task;
  const auto row = get(pid);
  if (!row) return pass_on(row);
  return fail(ErrorCode::conflict, "task {} is already closed", pid);
}

Result<std::vector<storage::TaskRow>> TaskService::list(const storage::TaskFilter& filter) {
  auto rows = tasks_.list(filter);
  if (!rows) return rows;
  for (storage::TaskRow& row : *rows) {
    if (const auto task = open_.find(row.pid)) row.progress = task->row.progress;
  }
  return rows;
}

Result<storage::TaskRow> TaskService::show(const std::string& pid) {
  auto row = get(pid);
  if (!row) return row;
  if (const auto task = open_.find(pid)) row->progress = task->row.progress;
  return row;
}

void TaskService::set_progress(OpenTask& task, storage::TaskProgress progress) {
  task.row.progress = std::move(progress);
  task.changed.notify_all();
  tell_changed(task.row.pid);
}

Result<StopProgress> TaskService::stop(const std::string& pid, const std::string& by) {
  const auto found = find_open(pid);
  if (!found) return pass_on(found);
  const OpenTaskPtr& task = *found;
  if (task->row.state == TaskState::queued) {
    ipc::TaskEnd end;
    end.outcome = {.kind = OutcomeKind::stopped, .exit_code = {}, .signal = {}, .message = {}};
    end.outcome.message = fmt::format("stopped by {} before it started", by);
    const auto closed = close(task, end);
    if (!closed) return pass_on(closed);
    return StopProgress::closed;
  }
  const auto recorded = tasks_.request_stop(pid, by);
  if (!recorded) return pass_on(recorded);
  if (task->row.stop_by.empty()) task->row.stop_by = by;
  return send_stop(*task) ? StopProgress::requested : StopProgress::deferred;
}

Result<storage::TaskRow> TaskService::get(const std::string& pid) {
  auto row = tasks_.find(pid);
  if (!row) return pass_on(row);
  if (!*row) return fail(ErrorCode::not_found, "there is no task {}", pid);
  return **std::move(row);
}

void TaskService::mark_running(OpenTask& task, std::int64_t started_ms) {
  // Not fatal when the disk is full: the end brings the time of the start again.
  if (const auto marked = tasks_.mark_running(task.row.pid, started_ms); !marked) {
    spdlog::error("task {}: {}", task.row.pid, marked.error().message);
  }
  task.row.state = TaskState::running;
  task.row.started_ms = started_ms;
  task.changed.notify_all();
  tell_changed(task.row.pid);
}

Result<bool> TaskService::close(const OpenTaskPtr& task, const ipc::TaskEnd& end) {
  const storage::TaskClosing closing{.outcome = end.outcome,
                                     .usage = end.usage,
                                     .started_ms = end.started_ms,
                                     .finished_ms = end.finished_ms != 0 ? end.finished_ms : wall_clock_ms(),
                                     .progress = task->row.progress};
  const auto changed = tasks_.close(task->row.pid, closing);
  if (!changed) return changed;
  task->row.state = TaskState::closed;
  task->row.outcome = closing.outcome;
  task->row.usage = closing.usage;
  task->row.started_ms = closing.started_ms;
  task->row.finished_ms = closing.finished_ms;
  open_.remove(task);
  const auto kind = std::ranges::find(TaskMetrics::kOutcomes, closing.outcome.kind);
  ++totals_.closed[static_cast<std::size_t>(kind - TaskMetrics::kOutcomes.begin())];
  task->changed.notify_all();
  if (hooks_.closed) hooks_.closed(task->row.pid);
  tell_changed(task->row.pid);
  dispatch();
  return changed;
}

Result<void> TaskService::send_start(const OpenTask& task) {
  const auto row = get(task.row.pid);
  if (!row) return pass_on(row);
  hypervisors_.send(row->hypervisor_id, ipc::StartTask{spec_of(*row)});
  if (hooks_.handed_over) hooks_.handed_over(task);
  return {};
}

bool TaskService::send_stop(const OpenTask& task) {
  return hypervisors_.send(task.row.hypervisor_id, ipc::StopTask{task.row.pid, task.row.stop_by});
}

Result<void> TaskService::assign(OpenTask& task, const std::string& hypervisor_id) {
  const auto assigned = tasks_.assign(task.row.pid, hypervisor_id);
  if (!assigned) return pass_on(assigned);
  open_.assign(task, hypervisor_id);
  task.unsent_params.reset();
  task.changed.notify_all();
  tell_changed(task.row.pid);
  return send_start(task);
}

void TaskService::dispatch() {
  for (const std::string& venv : open_.queued_venvs()) {
    while (const auto task = open_.first_queued(venv)) {
      const auto hypervisor = place(venv);
      if (!hypervisor || !*hypervisor) break;
      // A store that fails now leaves the task queued; the next change tries again.
      if (const auto assigned = assign(*task, **hypervisor); !assigned) {
        spdlog::error("task {}: {}", task->row.pid, assigned.error().message);
        break;
      }
    }
  }
}

TaskMetrics TaskService::metrics() const {
  TaskMetrics now = totals_;
  now.queued = open_.count(TaskState::queued);
  now.starting = open_.count(TaskState::starting);
  now.running = open_.count(TaskState::running);
  now.hypervisors = hypervisors_.connected().size();
  return now;
}

}  // namespace am::manager
