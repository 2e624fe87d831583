// Waiting for a daemon's ready file without looking for it again and again.
#pragma once

#include <string>

#include "base/error.h"
#include "loop/awaitable.h"

namespace am::up {

class ReadyWatch {
 public:
  // Watches the folder from now on; a file that appears between open() and content() is not missed.
  static Result<ReadyWatch> open(const asio::any_io_executor& executor, const std::string& folder);

  // The content of the file `name` in the folder, once somebody has moved it there. Honours cancellation.
  Awaitable<Result<std::string>> content(std::string name);

 private:
  ReadyWatch(asio::posix::stream_descriptor events, std::string folder)
      : events_(std::move(events)), folder_(std::move(folder)) {}

  asio::posix::stream_descriptor events_;  // inotify(7)
  std::string folder_;
};

}  // namespace am::up
