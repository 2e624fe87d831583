// The output of a task with that of its descendants, merged as it arrives.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "loop/task_group.h"
#include "manager/output_queue.h"
#include "manager/output_reader.h"

namespace am::manager {

// Made as a shared_ptr: its coroutines live in a group of their owner and hold it until they have ended.
class OutputTree : public std::enable_shared_from_this<OutputTree> {
 public:
  // Read at the same time; further descendants wait for one of these to end.
  static constexpr std::size_t kReaderLimit = 256;
  static constexpr std::size_t kQueueLimit = 1U << 20U;

  // `options` are the root's; descendants are read from their start. With `status` there are lines between
  // the records that tell what a task says of its progress, the newest only.
  OutputTree(const OutputSources& sources, TaskGroup& group, std::string root,
             const OutputReader::Options& options, bool status = false);

  // As OutputReader::run(), but with `follow` it returns when the root and all its descendants have ended: a
  // child may outlive its parent. A descendant whose output cannot be read is told of in a record of its own.
  // Every coroutine is told to stop when this returns or is cancelled.
  Awaitable<Result<bool>> run(LineSink sink);

 private:
  class Presence;

  void add(const std::string& pid);
  void begin_waiting();
  void end();
  static Awaitable<> read_member(std::shared_ptr<OutputTree> self, std::string pid);
  static Awaitable<> watch_children(std::shared_ptr<OutputTree> self, std::string pid);
  // What of a descendant's output could not be read, as a record.
  [[nodiscard]] std::string complaint(const std::string& pid, const Error& error);

  OutputSources sources_;
  TaskGroup& group_;
  std::string root_;
  OutputReader::Options options_;
  bool status_;
  OutputQueue queue_;
  std::set<std::string> known_;
  std::deque<std::string> waiting_;
  std::vector<TaskGroup::CancelHandle> handles_;
  std::size_t readers_ = 0;
  std::size_t watchers_ = 0;
  std::optional<Result<bool>> root_ended_;
  bool over_ = false;
};

}  // namespace am::manager
