#include "hypervisor/observers.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/files.h"
#include "ipc/codec.h"
#include "ipc/observer_jobs.h"
#include "process/packets.h"
#include "process/spawn.h"

namespace am::hypervisor {
namespace {

constexpr int kJobsDescriptor = 3;             // am-observer's contract
constexpr std::size_t kOutboxBytes = 8 << 20;  // a RunCommand with the largest params, twice
constexpr std::size_t kMostFree = 16;          // more of them come from a burst, and are ended

}  // namespace

class ObserverProcess {
 public:
  ObserverProcess(const asio::any_io_executor& executor, process::Child child, UniqueFd socket)
      : process(std::move(child)), jobs(executor, socket.release()) {}

  StartedProcess process;
  asio::posix::stream_descriptor jobs;  // when it is closed the process ends, after its job
  std::function<void()> on_end;
};

namespace {

// For as long as the process lives, whoever else has forgotten it.
Awaitable<> wait_for_end(std::shared_ptr<ObserverProcess> process) {
  co_await process->process.reap();
  if (process->on_end) std::exchange(process->on_end, nullptr)();
}

Result<void> hand_over(ObserverProcess& process, const ObserverJob& job, int folder, int control) {
  std::string content;
  std::vector<int> descriptors;
  const auto add = [&](ipc::JobDescriptor what, int descriptor) {
    if (descriptor < 0) return;
    content += static_cast<char>(what);
    descriptors.push_back(descriptor);
  };
  add(ipc::JobDescriptor::control, control);
  add(ipc::JobDescriptor::folder, folder);
  add(ipc::JobDescriptor::container, job.container);
  add(ipc::JobDescriptor::launcher, job.launcher);
  return process::send_packet(process.jobs.native_handle(), content, descriptors);
}

}  // namespace

Observers::Observers(asio::any_io_executor executor, TaskGroup& group, std::string program,
                     std::string folder, std::string log_file)
    : executor_(std::move(executor)),
      group_(group),
      program_(std::move(program)),
      folder_(std::move(folder)),
      log_file_(std::move(log_file)) {}

Result<std::shared_ptr<ObserverProcess>> Observers::begin_process() {
  auto jobs = process::make_packet_pair();
  if (!jobs) return pass_on(jobs);
  const auto log = open_log(log_file_);
  if (!log) return pass_on(log);
  process::SpawnSpec spec;
  spec.argv = {program_, folder_};
  spec.working_directory = "/";
  spec.descriptors = {{jobs->theirs.get(), kJobsDescriptor}, {log->get(), 2}};
  auto child = process::spawn(spec);
  if (!child) return pass_on(child);
  auto process = std::make_shared<ObserverProcess>(executor_, std::move(*child), std::move(jobs->ours));
  group_.spawn("observer process", wait_for_end(process));
  return process;
}

Result<StartedObserver> Observers::start(const ObserverJob& job, const ipc::Message& order,
                                         std::function<void()> on_end) {
  // All that can fail comes before a process is bound to the job.
  const auto folder = open_folder(job.task_folder);
  if (!folder) return pass_on(folder);
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return fail_errno(errno, "cannot make the observer's socket");
  UniqueFd ours(ends[0]);
  const UniqueFd theirs(ends[1]);
  auto channel = net::adopt_socket(executor_, std::move(ours), kOutboxBytes);
  if (!channel) return pass_on(channel);
  if (!(*channel)->post(ipc::encode(order)))
    return fail(ErrorCode::too_large, "the task's start command is larger than {} bytes", kOutboxBytes);
  std::shared_ptr<ObserverProcess> process;
  while (!process && !free_.empty()) {
    auto free = std::move(free_.back());
    free_.pop_back();
    if (hand_over(*free, job, folder->get(), theirs.get()))
      process = std::move(free);  // else somebody has just ended it
  }
  if (!process) {
    auto begun = begin_process();
    if (!begun) return pass_on(begun);
    if (auto given = hand_over(**begun, job, folder->get(), theirs.get()); !given) {
      (*begun)->jobs.close();  // ends it
      return pass_on(given);
    }
    process = std::move(*begun);
  }
  process->on_end = std::move(on_end);
  return StartedObserver{std::move(process), std::move(*channel)};
}

Awaitable<> Observers::finish(std::shared_ptr<ObserverProcess> process) {
  process->on_end = nullptr;
  for (;;) {
    co_await process->jobs.async_wait(asio::posix::stream_descriptor::wait_read, kNoThrow);
    const process::Packet word = process::receive_packet(process->jobs.native_handle());
    if (word.kind == process::Packet::Kind::end) co_return co_await process->process.reap();
    if (word.kind == process::Packet::Kind::content && word.content == ipc::kObserverIsFree) break;
  }
  if (free_.size() < kMostFree)
    free_.push_back(std::move(process));
  else
    process->jobs.close();
}

Awaitable<> Observers::stop() {
  const auto ending = std::exchange(free_, {});
  for (const auto& process : ending) process->jobs.close();
  for (const auto& process : ending) co_await process->process.reap();
}

pid_t number_of(const ObserverProcess& process) { return process.process.number(); }

bool has_ended(ObserverProcess& process) { return process.process.ended(); }

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
