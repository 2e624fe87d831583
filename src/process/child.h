// A child process that cannot be confused with another: its number and its pidfd together.
#pragma once

#include <sys/types.h>

#include <optional>

#include "base/error.h"
#include "base/unique_fd.h"

namespace am::process {

// How a process ended.
struct ExitStatus {
  std::optional<int> exit_code;
  std::optional<int> signal;

  bool operator==(const ExitStatus&) const = default;
};

// Owns a running child. Unless detached, the destructor kills it and reaps it.
class Child {
 public:
  Child(pid_t pid, UniqueFd pidfd) : pid_(pid), pidfd_(std::move(pidfd)) {}
  Child(Child&& other) noexcept;
  Child& operator=(Child&& other) noexcept;
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child();

  [[nodiscard]] pid_t pid() const { return pid_; }
  // Readable once the process has ended; not owned by the caller.
  [[nodiscard]] int pidfd() const { return pidfd_.get(); }
  [[nodiscard]] bool running() const { return pid_ > 0; }

  // Through the pidfd, so never to another process that got the same number. Nothing when it has ended.
  void signal(int number) const;
  // Reaps it if it has ended. Afterwards running() is false.
  std::optional<ExitStatus> try_reap();
  // Waits for the end.
  ExitStatus reap();
  // The process lives on without this handle; somebody else reaps it.
  void detach();

 private:
  std::optional<ExitStatus> wait(int flags);
  void end();

  pid_t pid_ = -1;
  UniqueFd pidfd_;
};

}  // namespace am::process
