#include "hypervisor/launcher.h"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>

#include "base/files.h"
#include "base/random.h"
#include "hypervisor/leftovers.h"
#include "hypervisor/started_process.h"
#include "hypervisor/task_host.h"
#include "ipc/interpreter_orders.h"
#include "loop/first_of.h"
#include "process/packets.h"
#include "process/spawn.h"

namespace am::hypervisor {
namespace {

using namespace std::chrono_literals;

constexpr int kOrderDescriptor = 3;  // both are the contract of python/ompy/appmanager/_waiting.py
constexpr int kDomainDescriptor = 4;
constexpr auto kReadyWithin = 30s;

struct Output {
  UniqueFd read;
  UniqueFd write;
};

Result<Output> make_output() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return fail_errno(errno, "cannot make a pipe");
  return Output{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

}  // namespace

Launcher::Launcher(const Places& places, const TaskDefaults& defaults)
    : places_(places), defaults_(defaults), name_(random_uuid()), folder_(places.slots + "/" + name_) {}

Awaitable<Result<void>> Launcher::start(const std::string& venv, const std::vector<std::string>& preload,
                                        std::uint64_t memory_bytes) {
  if (auto made = make_folders(folder_, 0750); !made) co_return made;
  auto orders = process::make_packet_pair();
  if (!orders) co_return pass_on(orders);
  auto output = make_output();
  if (!output) co_return pass_on(output);
  const auto domain = defaults_.host->make_domain();
  if (!domain) co_return pass_on(domain);
  auto cgroup = process::TaskCgroup::create(defaults_.cgroups, name_, memory_bytes, defaults_.process_limit);
  if (!cgroup) co_return pass_on(cgroup);
  cgroup_.emplace(std::move(*cgroup));

  const ipc::RunCommand command = slot_command(name_, venv, places_, defaults_);
  process::SpawnSpec spec;
  spec.argv = command.argv;
  spec.environment = command.environment;
  spec.working_directory = command.working_directory;
  spec.descriptors = {{output->write.get(), 1},
                      {output->write.get(), 2},
                      {orders->theirs.get(), kOrderDescriptor},
                      {domain->get(), kDomainDescriptor}};
  spec.cgroup_procs = cgroup_->procs();
  spec.resource_limits = {{RLIMIT_NOFILE, {command.descriptor_limit, command.descriptor_limit}}};
  spec.confinement = defaults_.host->confinement();
  auto child = process::spawn(spec);
  if (!child) co_return pass_on(child);
  orders->theirs.reset();
  output_ = std::move(output->read);
  output->write.reset();
  socket_ = std::move(orders->ours);

  auto done = co_await wait_until_ready();
  if (done && !preload.empty()) {
    done = process::send_packet(socket_.get(), ipc::preload_order(preload));
    if (done) done = co_await wait_until_ready();
  }
  if (done) done = process::send_packet(socket_.get(), ipc::detach_order());
  if (done) done = co_await wait_until_ready();
  // What has detached goes on; if it came to nothing the child is ended with this scope.
  while (done && !child->try_reap()) co_await end_of(child->pidfd());
  co_return done;
}

Awaitable<Result<void>> Launcher::wait_until_ready() {
  const auto executor = co_await asio::this_coro::executor;
  asio::posix::stream_descriptor readable(executor, ::fcntl(socket_.get(), F_DUPFD_CLOEXEC, 0));
  asio::steady_timer deadline(executor, kReadyWithin);
  const auto first =
      co_await first_of(readable.async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable),
                        deadline.async_wait(asio::use_awaitable));
  if (first.index() == 1)
    co_return fail(ErrorCode::unavailable, "it is not ready after {} s", kReadyWithin.count());
  const process::Packet word = process::receive_packet(socket_.get());
  if (word.kind != process::Packet::Kind::content) {
    std::array<char, 4096> said{};
    const ssize_t size = ::read(output_.get(), said.data(), said.size());
    const std::string_view words(said.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    co_return fail(ErrorCode::unavailable, "it has ended; it said \"{}\"", words);
  }
  process_.reset(static_cast<int>(::syscall(SYS_pidfd_open, word.sender, 0)));
  if (!process_) co_return fail_errno(errno, "it cannot be watched");
  co_return Result<void>();
}

Awaitable<> Launcher::ended() const { return end_of(process_.get()); }

Awaitable<> Launcher::end() {
  socket_.reset();
  // Also a copy that was just detaching when somebody stopped the start.
  const bool ended = co_await end_group(defaults_.cgroups, name_);
  if (!ended) spdlog::error("processes of the launcher {} cannot be ended", name_);
  cgroup_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

}  // namespace am::hypervisor
