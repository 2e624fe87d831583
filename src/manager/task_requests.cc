#include "manager/task_requests.h"

#include <spdlog/spdlog.h>

#include "base/random.h"
#include "manager/task_json.h"

namespace am::manager {
namespace {

json::object closed_answer(const TaskOutcome& outcome) {
  return {{"state", to_string(TaskState::closed)}, {"outcome", outcome_json(outcome)}};
}

// A wait that has begun is answered later.
constexpr const char* kWait = "wait";

}  // namespace

TaskRequests::TaskRequests(const asio::any_io_executor& executor, TaskService& tasks, TaskMessages& messages,
                           storage::AccountStore& accounts, Hypervisors& hypervisors)
    : tasks_(tasks),
      messages_(messages),
      accounts_(accounts),
      hypervisors_(hypervisors),
      waits_(executor, [](const std::string& name, const std::string& what) {
        spdlog::error("{} failed: {}", name, what);
      }) {}

Awaitable<> TaskRequests::stop() {
  waits_.cancel();
  co_await waits_.drain();
}

void TaskRequests::on_request(const std::string& hypervisor_id, const ipc::TaskRequest& request) {
  const Asker asker{hypervisor_id, request.request_id};
  const auto body = parse_json_object("request", request.body);
  if (!body) return answer(asker, pass_on(body));
  const auto name = required_text(*body, "request");
  if (!name) return answer(asker, pass_on(name));
  if (*name == kWait) {
    if (const auto begun = wait(asker, *body); !begun) answer(asker, pass_on(begun));
  } else if (*name == "start") {
    const auto started = start(asker, request.pid, *body);
    if (!started) answer(asker, started);
  } else if (*name == "stop") {
    answer(asker, stop_task(request.pid, *body));
  } else if (*name == "send") {
    answer(asker, send_message(*body));
  } else if (*name == "locate") {
    answer(asker, locate(*body));
  } else {
    answer(asker, fail(ErrorCode::invalid_argument, "request: \"{}\" is none of a manager's", *name));
  }
}

void TaskRequests::answer(const Asker& asker, const Result<json::object>& result) {
  json::object body;
  if (result) {
    body["answer"] = *result;
  } else {
    if (result.error().code == ErrorCode::internal) spdlog::error("{}", result.error().message);
    body["error"] =
        json::object{{"code", to_string(result.error().code)}, {"message", result.error().message}};
  }
  // A link that broke: the hypervisor asks again.
  hypervisors_.send(asker.hypervisor_id, ipc::TaskAnswer{asker.request_id, json::serialize(body)});
}

// Answers by itself when it went well: the asker hears of it before its hypervisor starts the work.
Result<json::object> TaskRequests::start(const Asker& asker, const std::string& parent_pid,
                                         const json::object& request) {
  const auto parent = tasks_.open().find(parent_pid);
  if (parent == nullptr || parent->row.hypervisor_id != asker.hypervisor_id) {
    return fail(ErrorCode::conflict, "task {} asks for a child task, but is not open", parent_pid);
  }
  const auto script = required_text(request, "script");
  if (!script) return pass_on(script);
  const auto child_pid = required_text(request, "childPid");
  if (!child_pid) return pass_on(child_pid);
  if (!is_uuid(*child_pid)) {
    return fail(ErrorCode::invalid_argument, "childPid: must be a UUID, not \"{}\"", *child_pid);
  }
  const auto params = required_text(request, "params");
  if (!params) return pass_on(params);
  const auto owner = accounts_.find_user(parent->row.owner);
  if (!owner) return pass_on(owner);
  if (!*owner)
    return fail(ErrorCode::conflict, "the owner {} of the asking task is no more", parent->row.owner);

  StartRequest wanted;
  wanted.pid = *child_pid;
  wanted.parent_pid = parent_pid;
  if (is_uuid(*script)) {
    wanted.target.script_id = *script;
  } else {
    wanted.target.application_id = parent->row.application_id;
    wanted.target.script = *script;
  }
  auto object = parse_json_object("params", *params);
  if (!object) return pass_on(object);
  wanted.params = *std::move(object);
  const auto accepted = tasks_.accept(**owner, wanted);
  if (!accepted) return pass_on(accepted);
  json::object pid{{"pid", *accepted}};
  answer(asker, pid);
  tasks_.hand_over(*accepted);
  return pid;
}

Result<void> TaskRequests::wait(const Asker& asker, const json::object& request) {
  const auto pid = required_text(request, "pid");
  if (!pid) return pass_on(pid);
  if (const auto open = tasks_.open().find(*pid)) {
    auto handle = waits_.spawn("wait for task " + *pid, wait_until_closed(asker, open));
    if (!handle.expired()) waiting_.insert_or_assign(asker, std::move(handle));
    return {};
  }
  const auto row = tasks_.get(*pid);
  if (!row) return pass_on(row);
  answer(asker, closed_answer(row->outcome.value_or(TaskOutcome{})));
  return {};
}

Awaitable<> TaskRequests::wait_until_closed(Asker asker, OpenTaskPtr task) {
  while (task->row.state != TaskState::closed) co_await task->changed.changed_since(task->changed.version());
  if (waiting_.erase(asker) == 0) co_return;  // cancelled at the same moment
  answer(asker, closed_answer(task->row.outcome.value_or(TaskOutcome{})));
}

Result<json::object> TaskRequests::stop_task(const std::string& asking_pid, const json::object& request) {
  const auto pid = required_text(request, "pid");
  if (!pid) return pass_on(pid);
  const auto asking = tasks_.open().find(asking_pid);
  const std::string by = asking ? fmt::format("task {} ({})", asking->row.script_path, asking_pid)
                                : fmt::format("task {}", asking_pid);
  const auto progress = tasks_.stop(*pid, by);
  if (!progress) return pass_on(progress);
  return json::object{{"message", explain(*progress)}};
}

Result<json::object> TaskRequests::send_message(const json::object& request) {
  const auto pid = required_text(request, "pid");
  if (!pid) return pass_on(pid);
  const auto id = required_text(request, "id");
  if (!id) return pass_on(id);
  auto text = required_text(request, "json");
  if (!text) return pass_on(text);
  const auto task = tasks_.find_open(*pid);
  if (!task) return pass_on(task);
  if (const auto valid = parse_json("json", *text); !valid) return pass_on(valid);
  if (const auto posted = messages_.post(**task, *id, *std::move(text)); !posted) return pass_on(posted);
  return json::object{};
}

// Where a task is, for a hypervisor that was asked for one that it does not know.
Result<json::object> TaskRequests::locate(const json::object& request) {
  const auto pid = required_text(request, "pid");
  if (!pid) return pass_on(pid);
  const auto row = tasks_.get(*pid);
  if (!row) return pass_on(row);
  if (row->state == TaskState::closed) return fail(ErrorCode::gone, "task {} is over", *pid);
  return json::object{{"state", to_string(row->state)}, {"hypervisor", row->hypervisor_id}};
}

void TaskRequests::on_cancel(const std::string& hypervisor_id, std::uint64_t request_id) {
  const auto waiting = waiting_.extract(Asker{hypervisor_id, request_id});
  if (waiting.empty()) return;
  if (const auto cancel = waiting.mapped().lock()) cancel->emit(asio::cancellation_type::terminal);
}

void TaskRequests::on_message_taken(const std::string&, const ipc::MessageTaken& taken) {
  messages_.on_taken(taken.pid, taken.sequence);
}

void TaskRequests::on_status(const std::string& hypervisor_id, const ipc::TaskStatus& status) {
  const auto task = tasks_.open().find(status.pid);
  if (task == nullptr || task->row.hypervisor_id != hypervisor_id) return;
  storage::TaskProgress progress{.text = status.text, .done = std::nullopt};
  if (status.progress >= 0) progress.done = status.progress;
  tasks_.set_progress(*task, std::move(progress));
}

void TaskRequests::on_caught_up(const std::string& hypervisor_id) { messages_.on_reconnected(hypervisor_id); }

// It asks again when it is back.
void TaskRequests::on_disconnected(const std::string& hypervisor_id) {
  auto waiting = waiting_.lower_bound(Asker{hypervisor_id, 0});
  while (waiting != waiting_.end() && waiting->first.hypervisor_id == hypervisor_id) {
    const auto handle = waiting->second;
    waiting = waiting_.erase(waiting);
    if (const auto cancel = handle.lock()) cancel->emit(asio::cancellation_type::terminal);
  }
}

}  // namespace am::manager
