#include "manager/output_tree.h"

#include "manager/task_json.h"

namespace am::manager {

// Counts one coroutine for as long as it lives, however it ends.
class OutputTree::Presence {
 public:
  Presence(OutputTree& tree, std::size_t& count) : tree_(tree), count_(count) {}
  Presence(const Presence&) = delete;
  Presence& operator=(const Presence&) = delete;
  ~Presence() {
    --count_;
    tree_.begin_waiting();
    tree_.queue_.changed().notify_all();
  }

 private:
  OutputTree& tree_;
  std::size_t& count_;
};

OutputTree::OutputTree(const OutputSources& sources, TaskGroup& group, std::string root,
                       const OutputReader::Options& options, bool status)
    : sources_(sources),
      group_(group),
      root_(std::move(root)),
      options_(options),
      status_(status),
      queue_(sources.executor, kQueueLimit) {}

Awaitable<Result<bool>> OutputTree::run(LineSink sink) {
  struct End {
    OutputTree& tree;
    ~End() { tree.end(); }
  } at_the_end{*this};
  add(root_);
  while (true) {
    const std::uint64_t seen = queue_.changed().version();
    const std::string lines = queue_.pop();
    if (!lines.empty()) {
      co_await sink(lines);
      continue;
    }
    if (root_ended_ && !*root_ended_) break;
    if (readers_ + watchers_ == 0) break;
    co_await queue_.changed().changed_since(seen);
  }
  if (!root_ended_) co_return fail(ErrorCode::internal, "the reader of task {} failed", root_);
  co_return *root_ended_;
}

void OutputTree::end() {
  over_ = true;
  for (const TaskGroup::CancelHandle& handle : handles_) {
    if (const auto cancel = handle.lock()) cancel->emit(asio::cancellation_type::terminal);
  }
}

void OutputTree::add(const std::string& pid) {
  if (!known_.insert(pid).second) return;
  waiting_.push_back(pid);
  begin_waiting();
}

void OutputTree::begin_waiting() {
  while (!over_ && readers_ < kReaderLimit && !waiting_.empty()) {
    const std::string pid = std::move(waiting_.front());
    waiting_.pop_front();
    std::erase_if(handles_, [](const TaskGroup::CancelHandle& handle) { return handle.expired(); });
    // Counted here and not in the coroutines, whose first steps run inside spawn() and may end up here again.
    ++readers_;
    ++watchers_;
    handles_.push_back(group_.spawn("output of task " + pid, read_member(shared_from_this(), pid)));
    handles_.push_back(group_.spawn("children of task " + pid, watch_children(shared_from_this(), pid)));
  }
}

Awaitable<> OutputTree::read_member(std::shared_ptr<OutputTree> self, std::string pid) {
  const Presence presence(*self, self->readers_);
  const bool is_root = pid == self->root_;
  OutputReader::Options options = self->options_;
  if (!is_root) options.from = 0;
  OutputReader reader(self->sources_, pid, options);
  OutputQueue& queue = self->queue_;
  const LineSink sink = [&queue](std::string_view lines) { return queue.push(std::string(lines)); };
  const Result<bool> ended = co_await reader.run(sink);
  if (is_root) {
    self->root_ended_ = ended;
  } else if (!ended) {
    std::string text = self->complaint(pid, ended.error());
    co_await queue.push(std::move(text));
  }
}

std::string OutputTree::complaint(const std::string& pid, const Error& error) {
  storage::TaskRow row;
  row.pid = pid;
  if (auto known = sources_.tasks.get(pid)) row = *std::move(known);
  return system_record(row, error.message);
}

Awaitable<> OutputTree::watch_children(std::shared_ptr<OutputTree> self, std::string pid) {
  const Presence presence(*self, self->watchers_);
  std::string told;
  while (true) {
    const OpenTaskPtr open = self->sources_.tasks.open().find(pid);
    const std::uint64_t seen = open ? open->changed.version() : 0;
    const auto children = self->sources_.tasks.children(pid);
    if (!children) {
      std::string text = self->complaint(pid, children.error());
      co_await self->queue_.push(std::move(text));
      co_return;
    }
    for (const std::string& child : *children) self->add(child);
    if (!open || !self->options_.follow) co_return;
    if (self->status_ && open->row.progress) {
      std::string line = status_line(open->row);
      if (std::exchange(told, line) != line) co_await self->queue_.push(std::move(line));
      if (open->changed.version() != seen) continue;
    }
    co_await open->changed.changed_since(seen);
  }
}

}  // namespace am::manager
