// The hypervisors that are connected to this observer: usually one, none while it restarts.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "base/error.h"
#include "base/unique_fd.h"
#include "ipc/codec.h"
#include "observer/poller.h"

namespace am::observer {

class Connections {
 public:
  using OnStop = std::function<void(const std::string& by)>;
  using Status = std::function<ipc::ObserverStatus()>;

  // Listens on observer.sock in the current folder.
  static Result<std::unique_ptr<Connections>> listen(Poller& poller, OnStop on_stop, Status status);
  ~Connections();
  Connections(const Connections&) = delete;
  Connections& operator=(const Connections&) = delete;

  // Talks on a socket that is connected already. It hears of the next change first.
  void add(UniqueFd socket, ipc::FrameDecoder decoder);
  // Tells every hypervisor the current status. A peer that does not read gets the newest one once it does: at
  // most one unsent status waits for each.
  void publish();
  // Sends the last word, waiting up to a second for a slow reader: exit.json says the same.
  void report_end(const ipc::TaskEnd& end);

 private:
  struct Peer {
    UniqueFd socket;
    ipc::FrameDecoder decoder;
    std::string unsent;   // the rest of a frame that the kernel did not take
    bool behind = false;  // a newer status waits for `unsent`
  };

  Connections(Poller& poller, OnStop on_stop, Status status);
  void accept();
  void receive(int fd);
  bool handle_messages(Peer& peer);
  void send_status(Peer& peer);
  bool flush(Peer& peer);
  void drop(int fd);

  Poller& poller_;
  OnStop on_stop_;
  Status status_;
  UniqueFd listener_;
  std::unordered_map<int, Peer> peers_;
};

}  // namespace am::observer
