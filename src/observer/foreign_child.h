// A task's first process that is not a child of its observer but of a container's first process, which tells
// how it ended (container/child_watch.h).
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "base/error.h"
#include "base/unique_fd.h"
#include "ipc/codec.h"
#include "process/child.h"

namespace am::observer {

class ForeignChild {
 public:
  // `process`: its number inside. An error when it is no child there, or lives no more.
  static Result<ForeignChild> watch(const std::string& container_folder, pid_t process);

  // Readable when status() has something to say.
  [[nodiscard]] int socket() const { return socket_.get(); }
  // How it ended; nothing while it lives. A container that has ended has killed it.
  std::optional<process::ExitStatus> status();

 private:
  ForeignChild(UniqueFd socket, pid_t process) : socket_(std::move(socket)), process_(process) {}
  Result<std::optional<ipc::ProcessState>> receive(int flags);

  UniqueFd socket_;
  pid_t process_;
  ipc::FrameDecoder decoder_;
};

}  // namespace am::observer
