#include "manager/output_reader.h"

#include "manager/task_json.h"

namespace am::manager {

OutputReader::OutputReader(const OutputSources& sources, std::string pid, const Options& options)
    : sources_(sources),
      pid_(std::move(pid)),
      follow_(options.follow),
      may_fail_(options.may_fail),
      lines_(options.from) {}

Awaitable<Result<bool>> OutputReader::run(LineSink sink) {
  while (true) {
    const Step decided = co_await step(sink);
    if (!decided) co_return pass_on(decided);
    if (!*decided) continue;
    if (!**decided) co_return false;
    const auto row = sources_.tasks.get(pid_);
    if (!row) co_return pass_on(row);
    const std::string last = end_record(*row);
    if (!last.empty()) co_await sink(last);
    co_return true;
  }
}

Awaitable<OutputReader::Step> OutputReader::step(const LineSink& sink) {
  const OpenTaskPtr open = sources_.tasks.open().find(pid_);
  // Read before the look, so that no change between the look and a wait is missed.
  const std::uint64_t task_seen = open ? open->changed.version() : 0;
  const std::uint64_t hypervisors_seen = sources_.hypervisors.changed().version();
  storage::TaskRow closed;
  if (!open) {
    auto stored = sources_.tasks.get(pid_);
    if (!stored) co_return pass_on(stored);
    closed = *std::move(stored);
  }
  const storage::TaskRow& row = open ? open->row : closed;
  if (row.hypervisor_id.empty()) {  // it never ran anywhere, yet
    if (!open) co_return true;
    if (!follow_) co_return false;
    co_await open->changed.changed_since(task_seen);
    co_return std::nullopt;
  }
  if (seen_the_end_ && !open && has_everything(row)) co_return true;

  const HypervisorInfo* found = sources_.hypervisors.find(row.hypervisor_id);
  if (found == nullptr) {
    if (may_fail_ && (!open || !follow_)) {
      co_return fail(
          ErrorCode::unavailable,
          "the output of task {} is on hypervisor {}, which is not connected; try again when it is back",
          pid_, row.hypervisor_id);
    }
    co_await sources_.hypervisors.changed().changed_since(hypervisors_seen);
    co_return std::nullopt;
  }
  const HypervisorAddress hypervisor(*found);
  const Pass pass = co_await read(hypervisor, follow_ && open != nullptr, sink);
  const Step decided = co_await after(pass, open, hypervisor);
  co_return decided;
}

Awaitable<OutputReader::Pass> OutputReader::read(const HypervisorAddress& hypervisor, bool follow,
                                                 const LineSink& sink) {
  lines_.restart();
  HypervisorClients::Client client(sources_.clients, hypervisor);
  const std::string target = fmt::format("/tasks/{}/output?from={}&follow={}", pid_, lines_.next(), follow);
  const auto head = co_await client.get(target);
  if (!head) {
    refusal_ = head.error();
    co_return Pass::broken;
  }
  if (head->status == 404) co_return Pass::missing;
  if (head->status != 200) {
    const auto reason = co_await client.read_some();
    refusal_ = Error{head->status == 400 ? ErrorCode::invalid_argument : ErrorCode::internal,
                     fmt::format("hypervisor {} refused the output of task {} with {}: {}", hypervisor.id,
                                 pid_, head->status, reason.value_or(std::string()))};
    co_return Pass::refused;
  }
  const Pass pass = co_await pump(client, sink);
  co_return pass;
}

Awaitable<OutputReader::Pass> OutputReader::pump(HypervisorClients::Client& client, const LineSink& sink) {
  while (true) {
    auto piece = co_await client.read_some();
    if (!piece) {
      refusal_ = piece.error();
      co_return Pass::broken;
    }
    if (piece->empty()) co_return lines_.inside_a_line() ? Pass::broken : Pass::complete;
    const auto whole = lines_.take(*std::move(piece));
    if (!whole) {
      refusal_ = whole.error();
      co_return Pass::refused;
    }
    backoff_.reset();
    if (whole->empty()) continue;
    may_fail_ = false;
    co_await sink(*whole);
  }
}

Awaitable<OutputReader::Step> OutputReader::after(Pass pass, OpenTaskPtr open, HypervisorAddress hypervisor) {
  const bool was_closed = open == nullptr;
  switch (pass) {
    case Pass::refused:
      co_return std::unexpected(refusal_);
    case Pass::missing:
      // A closed task without output there never got as far as a process.
      if (was_closed) co_return true;
      if (!follow_) co_return false;
      break;
    case Pass::broken:
      if (may_fail_ && (was_closed || !follow_)) co_return std::unexpected(refusal_);
      break;
    case Pass::complete:
      if (was_closed) co_return true;
      if (!follow_) co_return false;
      seen_the_end_ = true;
      // All was sent, so the end is about to be reported. A hypervisor that stopped instead comes back.
      while (open->row.state != TaskState::closed && sources_.clients.is_current(hypervisor)) {
        co_await open->changed.changed_since(open->changed.version());
      }
      co_return std::nullopt;
  }
  co_await pause(open);
  co_return std::nullopt;
}

Awaitable<> OutputReader::pause(OpenTaskPtr open) {
  Event& event = open ? open->changed : sources_.hypervisors.changed();
  co_await event.changed_since(event.version(), backoff_.next());
}

bool OutputReader::has_everything(const storage::TaskRow& row) const {
  // What a lost task printed was never reported: another pass finds out.
  return row.outcome && row.outcome->kind != OutcomeKind::lost && lines_.next() >= row.usage.output_bytes;
}

}  // namespace am::manager
