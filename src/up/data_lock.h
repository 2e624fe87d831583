// One `am up` on a data folder at a time.
#pragma once

#include <string>

#include "base/error.h"
#include "base/unique_fd.h"

namespace am::up {

class DataLock {
 public:
  // Locks <folder>/up.lock. `conflict` names the process and the address of the `am up` that holds it. When
  // that one is dead and its daemons are just going, waits for them, at most 10 seconds.
  static Result<DataLock> take(const std::string& folder);

  // What the next one is told while this lock is held.
  Result<void> describe(const std::string& url);
  // For the daemons to inherit: the lock is held until the last of them has gone too.
  [[nodiscard]] int fd() const { return fd_.get(); }

 private:
  explicit DataLock(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
};

}  // namespace am::up
