// Moves what was committed from the write-ahead log into the database file, in a thread of its own: it waits
// for the disk, and a commit must not.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace am::storage {

class Checkpointer {
 public:
  // `path` is the database's; it is opened with the first work.
  explicit Checkpointer(std::string path);
  ~Checkpointer();
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  // After a commit, with the pages that the log has by now. Never waits.
  void note(int pages);

 private:
  void run();

  const std::string path_;
  int asked_at_ = 0;  // pages, when the last one was asked for
  std::mutex mutex_;
  std::condition_variable changed_;
  bool due_ = false;
  bool ending_ = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace am::storage
