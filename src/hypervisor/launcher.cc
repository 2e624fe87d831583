#include "hypervisor/launcher.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/files.h"
#include "base/random.h"
#include "hypervisor/started_process.h"
#include "hypervisor/task_host.h"
#include "ipc/interpreter_orders.h"
#include "loop/first_of.h"
#include "process/send_packet.h"
#include "process/spawn.h"

namespace am::hypervisor {
namespace {

using namespace std::chrono_literals;

constexpr int kOrderDescriptor = 3;  // both are the contract of python/ompy/appmanager/_waiting.py
constexpr int kDomainDescriptor = 4;
constexpr auto kReadyWithin = 30s;

struct Pair {
  UniqueFd ours;
  UniqueFd theirs;
};

Result<Pair> make_order_socket() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
    return fail_errno(errno, "cannot make the launcher's socket");
  Pair pair{UniqueFd(ends[0]), UniqueFd(ends[1])};
  const int on = 1;
  if (::setsockopt(ends[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof on) != 0)
    return fail_errno(errno, "cannot ask for the launcher's process");
  return pair;
}

Result<Pair> make_output() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return fail_errno(errno, "cannot make a pipe");
  return Pair{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

// The process that has sent the next packet; nothing when there is none.
std::optional<pid_t> sender_of_packet(int socket) {
  char word[32];
  iovec place{word, sizeof word};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(ucred))];
  msghdr message{};
  message.msg_iov = &place;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  if (::recvmsg(socket, &message, MSG_DONTWAIT) <= 0) return std::nullopt;
  const cmsghdr* const header = CMSG_FIRSTHDR(&message);
  if (header == nullptr || header->cmsg_type != SCM_CREDENTIALS) return std::nullopt;
  ucred sender{};
  std::memcpy(&sender, CMSG_DATA(header), sizeof sender);
  return sender.pid;
}

}  // namespace

Launcher::Launcher(const Places& places)
    : places_(places), name_(random_uuid()), folder_(places.slots + "/" + name_) {}

Launcher::~Launcher() = default;

Awaitable<Result<void>> Launcher::start(const std::string& venv, const std::vector<std::string>& preload,
                                        const TaskDefaults& defaults) {
  if (auto made = make_folders(folder_, 0750); !made) co_return made;
  auto orders = make_order_socket();
  if (!orders) co_return pass_on(orders);
  auto output = make_output();
  if (!output) co_return pass_on(output);
  const auto domain = defaults.host->make_domain();
  if (!domain) co_return pass_on(domain);
  auto cgroup = process::TaskCgroup::create(defaults.cgroups, name_, 0, 0);
  if (!cgroup) co_return pass_on(cgroup);
  cgroup_.emplace(std::move(*cgroup));

  const ipc::RunCommand command = slot_command(name_, venv, places_, defaults);
  process::SpawnSpec spec;
  spec.argv = command.argv;
  spec.environment = command.environment;
  spec.working_directory = command.working_directory;
  spec.descriptors = {{output->theirs.get(), 1},
                      {output->theirs.get(), 2},
                      {orders->theirs.get(), kOrderDescriptor},
                      {domain->get(), kDomainDescriptor}};
  spec.cgroup_procs = cgroup_->procs();
  spec.resource_limits = {{RLIMIT_NOFILE, {command.descriptor_limit, command.descriptor_limit}}};
  spec.confinement = defaults.host->confinement();
  auto child = process::spawn(spec);
  if (!child) co_return pass_on(child);
  orders->theirs.reset();
  output_ = std::move(output->ours);
  socket_ = std::move(orders->ours);

  auto done = co_await wait_until_ready(socket_.get());
  if (done && !preload.empty()) {
    done = process::send_packet(socket_.get(), ipc::preload_order(preload));
    if (done) done = co_await wait_until_ready(socket_.get());
  }
  if (done) done = process::send_packet(socket_.get(), ipc::detach_order());
  if (done) done = co_await wait_until_ready(socket_.get());
  // What has detached goes on; if it came to nothing the child is ended with this scope.
  while (done && !child->try_reap()) co_await end_of(child->pidfd());
  co_return done;
}

Awaitable<Result<void>> Launcher::wait_until_ready(int socket) {
  const auto executor = co_await asio::this_coro::executor;
  asio::posix::stream_descriptor readable(executor, ::fcntl(socket, F_DUPFD_CLOEXEC, 0));
  asio::steady_timer deadline(executor, kReadyWithin);
  const auto first =
      co_await first_of(readable.async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable),
                        deadline.async_wait(asio::use_awaitable));
  if (first.index() == 1)
    co_return fail(ErrorCode::unavailable, "it is not ready after {} s", kReadyWithin.count());
  const auto process = sender_of_packet(socket);
  if (!process) {
    std::array<char, 4096> said{};
    ::fcntl(output_.get(), F_SETFL, O_NONBLOCK);
    const ssize_t size = ::read(output_.get(), said.data(), said.size());
    const std::string_view words(said.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    co_return fail(ErrorCode::unavailable, "it has ended; it said \"{}\"", words);
  }
  process_.reset(static_cast<int>(::syscall(SYS_pidfd_open, *process, 0)));
  co_return Result<void>();
}

Awaitable<> Launcher::ended() const { return end_of(process_.get()); }

Awaitable<> Launcher::end() {
  socket_.reset();
  if (cgroup_) cgroup_->kill();
  if (process_) co_await end_of(process_.get());
  cgroup_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

}  // namespace am::hypervisor
