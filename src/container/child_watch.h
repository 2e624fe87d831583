// The children of a container's first process: those whose parents have ended come to it, and forked
// interpreters begin as such. It reaps them all, and tells who asks how they ended (docs/PROTOCOL.md,
// "Children of a container").
#pragma once

#include <sys/types.h>

#include <map>
#include <vector>

#include "base/error.h"
#include "base/unique_fd.h"
#include "ipc/codec.h"

namespace am::container {

class ChildWatch {
 public:
  // `listener`: a listening socket, whose clients ask.
  explicit ChildWatch(UniqueFd listener) : listener_(std::move(listener)) {}

  // Blocks SIGCHLD, and returns only when something is wrong.
  Result<void> run();

 private:
  struct Client {
    UniqueFd socket;
    ipc::FrameDecoder decoder;
  };

  void accept();
  // False: it has gone.
  bool receive(Client& client);
  bool watch(int client, pid_t child);
  void reap();

  UniqueFd listener_;
  UniqueFd signals_;
  std::map<int, Client> clients_;              // by descriptor
  std::map<pid_t, std::vector<int>> watched_;  // child, who wants to hear of it
};

}  // namespace am::container
