#include "hypervisor/observers.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

#include "base/files.h"
#include "ipc/codec.h"
#include "process/spawn.h"

namespace am::hypervisor {
namespace {

constexpr int kControlDescriptor = 3;  // these are am-observer's contract
constexpr int kContainerDescriptor = 4;
constexpr int kLauncherDescriptor = 5;
constexpr std::size_t kOutboxBytes = 8 << 20;  // a RunCommand with the largest params, twice

}  // namespace

Result<StartedObserver> start_observer(const asio::any_io_executor& executor, const ObserverStart& start,
                                       const ipc::Message& order) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return fail_errno(errno, "cannot make the observer's socket");
  }
  UniqueFd ours(ends[0]);
  const UniqueFd theirs(ends[1]);
  const auto log = open_log(start.log_file);
  if (!log) return pass_on(log);
  process::SpawnSpec spec;
  spec.argv = {start.program, start.task_folder};
  spec.working_directory = start.task_folder;  // it may have another name by the time that the program looks
  spec.descriptors = {{theirs.get(), kControlDescriptor}, {log->get(), 2}};
  if (start.container >= 0) spec.descriptors.emplace_back(start.container, kContainerDescriptor);
  if (start.launcher >= 0) spec.descriptors.emplace_back(start.launcher, kLauncherDescriptor);
  auto child = process::spawn(spec);
  if (!child) return pass_on(child);
  StartedProcess process(std::move(*child));
  auto channel = net::adopt_socket(executor, std::move(ours), kOutboxBytes);
  if (!channel) return pass_on(channel);
  if (!(*channel)->post(ipc::encode(order))) {
    return fail(ErrorCode::too_large, "the task's start command is larger than {} bytes", kOutboxBytes);
  }
  return StartedObserver{std::move(process), std::move(*channel)};
}

Result<std::shared_ptr<net::ByteChannel>> connect_observer(const asio::any_io_executor& executor,
                                                           const std::string& task_folder) {
  const auto folder = open_folder(task_folder);
  if (!folder) return pass_on(folder);
  UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket) return fail_errno(errno, "cannot make a socket");
  // Through the folder's descriptor: the full path may be longer than sun_path's 108 bytes.
  const std::string path = fmt::format("/proc/self/fd/{}/observer.sock", folder->get());
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return fail_errno(errno, "cannot reach the observer in {}", task_folder);
  }
  return net::adopt_socket(executor, std::move(socket), kOutboxBytes);
}

}  // namespace am::hypervisor
