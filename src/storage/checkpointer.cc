#include "storage/checkpointer.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <utility>

namespace am::storage {
namespace {

constexpr int kEveryPages = 1000;  // SQLite's own measure for it

}  // namespace

Checkpointer::Checkpointer(std::string path) : path_(std::move(path)), thread_([this] { run(); }) {}

Checkpointer::~Checkpointer() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Checkpointer::note(int pages) {
  if (pages < asked_at_) asked_at_ = 0;  // the log was empty, and begins anew
  if (pages < asked_at_ + kEveryPages) return;
  asked_at_ = pages;
  {
    const std::lock_guard lock(mutex_);
    due_ = true;
  }
  changed_.notify_one();
}

void Checkpointer::run() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return due_ || ending_; });
      if (ending_) return;
      due_ = false;
    }
    try {
      SQLite::Database connection(path_, SQLite::OPEN_READWRITE);
      // PASSIVE neither waits for readers and writers nor makes them wait.
      connection.exec("PRAGMA wal_checkpoint(PASSIVE)");
    } catch (const SQLite::Exception&) {
      // The log keeps everything, and the next commit asks again. A disk that takes nothing fails that
      // commit.
    }
  }
}

}  // namespace am::storage
