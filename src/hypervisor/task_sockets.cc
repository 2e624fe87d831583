#include "hypervisor/task_sockets.h"

#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "hypervisor/task_listener.h"
#include "hypervisor/task_session.h"
#include "process/process_tree.h"

namespace am::hypervisor {
namespace {

using namespace std::chrono_literals;

constexpr auto kOutOfDescriptorsPause = 100ms;
constexpr auto kObserverUnknownFor = 5s;  // its first word comes before the task's first process

// The process that connected, as the kernel noted it then; 0 when it says none.
pid_t peer_process(int fd) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return ::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 ? peer.pid : 0;
}

Awaitable<bool> belongs_to(std::shared_ptr<Task> task, pid_t process, const process::CgroupFolders& cgroups) {
  const auto give_up = std::chrono::steady_clock::now() + kObserverUnknownFor;
  while (task->observer_id == 0 && !task->end) {
    const auto left = give_up - std::chrono::steady_clock::now();
    if (left <= 0s) co_return false;
    const std::uint64_t seen = task->changed.version();
    static_cast<void>(co_await task->changed.changed_since(seen, left));
  }
  if (process <= 0 || task->end) co_return false;
  if (process::descends_from(task->observer_id, process)) co_return true;
  // In a container an orphan's parent is the container's first process; the task's group still knows it.
  const auto members = process::members_of_group(cgroups, task->group);
  co_return std::ranges::find(members, process) != members.end();
}

Awaitable<> refuse(std::shared_ptr<bridge::TaskStream> stream, Error error) {
  static_cast<void>(co_await stream->write_control(error_answer(error)));
}

}  // namespace

Result<void> TaskSockets::open(const std::shared_ptr<Task>& task, UniqueFd listening) {
  Result<UniqueFd> socket = std::move(listening);
  if (!*socket) socket = listen_for_task(task->folder.own_folder());
  if (!socket) return pass_on(socket);
  const auto door = std::make_shared<Door>(executor_, task);
  boost::system::error_code error;
  door->acceptor.assign(asio::local::stream_protocol(), socket->get(), error);
  if (error) return fail(ErrorCode::internal, "cannot watch the task's socket: {}", error.message());
  static_cast<void>(socket->release());
  doors_[task->spec.pid] = door;
  group_.spawn("socket of task " + task->spec.pid, accept(door));
  return {};
}

Awaitable<> TaskSockets::accept(std::shared_ptr<Door> door) {
  while (door->acceptor.is_open()) {
    auto [error, socket] = co_await door->acceptor.async_accept(kNoThrow);
    if (error == asio::error::operation_aborted) co_return;
    if (error) {  // out of descriptors or memory: those who wait stay in the kernel's queue
      asio::steady_timer pause(executor_, kOutOfDescriptorsPause);
      co_await pause.async_wait(asio::use_awaitable);
      continue;
    }
    const pid_t peer = peer_process(socket.native_handle());
    const auto stream = std::make_shared<bridge::TaskStream>(std::move(socket));
    group_.spawn("connection of task " + door->task->spec.pid, serve(door, stream, peer));
  }
}

Awaitable<> TaskSockets::serve(std::shared_ptr<Door> door, std::shared_ptr<bridge::TaskStream> stream,
                               pid_t peer) {
  struct Count {
    std::size_t& connections;
    explicit Count(std::size_t& counted) : connections(counted) { ++connections; }
    ~Count() { --connections; }
  } count(door->connections);
  if (count.connections > kConnectionLimit) {
    Error full{ErrorCode::resource_exhausted,
               fmt::format("the task has {} connections to its hypervisor already", kConnectionLimit)};
    co_return co_await refuse(stream, std::move(full));
  }
  const bool belongs = co_await belongs_to(door->task, peer, cgroups_);
  if (!belongs) {
    spdlog::warn("task {}: process {} does not belong to it and is refused", door->task->spec.pid, peer);
    Error foreign{ErrorCode::forbidden,
                  fmt::format("process {} does not belong to task {}", peer, door->task->spec.pid)};
    co_return co_await refuse(stream, std::move(foreign));
  }
  TaskSession session(door->task, stream, link_, bridge_);
  co_await session.run();
}

void TaskSockets::close(Task& task) {
  const auto found = doors_.extract(task.spec.pid);
  if (!found.empty()) {
    boost::system::error_code ignored;  // the descriptor is gone either way
    found.mapped()->acceptor.close(ignored);
    ::unlink((task.folder.own_folder() + "/" + kTaskSocketName).c_str());
  }
  for (const auto& waiting : task.waiting_room.empty()) {
    group_.spawn("end of a bridge connection", [](bridge::BridgeConnectionPtr connection) -> Awaitable<> {
      net::CloseReason over{net::close_code::going_away, "the task has ended"};
      co_await connection->refuse(std::move(over));
    }(waiting));
  }
}

}  // namespace am::hypervisor
