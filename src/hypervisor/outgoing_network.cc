#include "hypervisor/outgoing_network.h"

#include <fcntl.h>
#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>

#include "base/files.h"
#include "container/container.h"
#include "loop/backoff.h"
#include "process/network_namespace.h"
#include "process/spawn.h"

namespace am::hypervisor {
namespace {

using namespace std::chrono_literals;

constexpr const char* kProgram = "/usr/bin/slirp4netns";
constexpr const char* kInterface = "tap0";
constexpr int kReadyPatienceMs = 10'000;
constexpr int kReadyDescriptor = 3;
constexpr int kExitDescriptor = 4;
constexpr int kNetworkDescriptor = 5;

// The process of that number if it is one of ours; nothing when it has ended.
UniqueFd open_process(const std::string& pid_file) {
  const std::string text = read_file(pid_file).value_or("");
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  if (number <= 0) return {};
  UniqueFd process(static_cast<int>(::syscall(SYS_pidfd_open, number, 0)));
  const std::string name = read_file(fmt::format("/proc/{}/comm", number)).value_or("");
  return name == "slirp4netns\n" ? std::move(process) : UniqueFd();
}

}  // namespace

// It goes on without this process.
OutgoingNetwork::~OutgoingNetwork() = default;

Result<void> OutgoingNetwork::start() {
  if (process::network_has(process_, kInterface)) {
    running_ = open_process(pid_file());
    if (running_) return {};
  }
  return launch();
}

Result<void> OutgoingNetwork::launch() {
  if (::access(kProgram, X_OK) != 0) return fail(ErrorCode::unavailable, "{} is missing", kProgram);
  const auto network = process::network_of(process_);
  if (!network) return pass_on(network);
  // Hangs up when the container ends; slirp4netns ends then.
  const auto exit = container::connect_alive(folder_);
  if (!exit) return pass_on(exit);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return fail_errno(errno, "cannot make a pipe");
  const UniqueFd ready(ends[0]);
  UniqueFd ready_writer(ends[1]);
  const auto log = open_log(log_);
  if (!log) return pass_on(log);
  process::SpawnSpec spec;
  spec.argv = {kProgram,
               "--configure",
               "--mtu=65520",
               "--disable-host-loopback",
               "--enable-sandbox",
               "--enable-seccomp",
               fmt::format("--ready-fd={}", kReadyDescriptor),
               fmt::format("--exit-fd={}", kExitDescriptor),
               "--netns-type=path",
               fmt::format("/proc/self/fd/{}", kNetworkDescriptor),
               kInterface};
  spec.descriptors = {{log->get(), 1},
                      {log->get(), 2},
                      {ready_writer.get(), kReadyDescriptor},
                      {exit->get(), kExitDescriptor},
                      {network->get(), kNetworkDescriptor}};
  // Its own sandbox takes shared mounts of the machine (those of `ip netns`) away with it when they are not
  // private.
  spec.confinement.new_flags = process::kMountNamespace;
  auto child = process::spawn(spec);
  if (!child) return pass_on(child);
  ready_writer.reset();
  pollfd answered{ready.get(), POLLIN, 0};
  char byte = 0;
  if (::poll(&answered, 1, kReadyPatienceMs) <= 0 || ::read(ready.get(), &byte, 1) != 1)
    return fail(ErrorCode::unavailable, "slirp4netns did not start; see {}", log_);
  if (auto written = write_file_atomically(pid_file(), fmt::format("{}\n", child->pid())); !written)
    return written;
  running_.reset(::fcntl(child->pidfd(), F_DUPFD_CLOEXEC, 0));
  child->detach();
  return {};
}

Awaitable<> OutgoingNetwork::watch() {
  Backoff backoff(100ms, 10s);
  asio::steady_timer timer(executor_);
  for (;;) {
    if (running_) {
      asio::posix::stream_descriptor ended(executor_, ::fcntl(running_.get(), F_DUPFD_CLOEXEC, 0));
      co_await ended.async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable);
      siginfo_t info{};  // reaps it if it was a child of ours
      ::waitid(P_PIDFD, static_cast<id_t>(running_.get()), &info, WEXITED | WNOHANG);
      running_.reset();
      spdlog::error("slirp4netns has ended: tasks cannot reach the network outside until it is back");
    }
    timer.expires_after(backoff.next());
    co_await timer.async_wait(asio::use_awaitable);
    const auto started = launch();
    if (!started) {
      spdlog::error("tasks cannot reach the network outside: {}", started.error().message);
    } else {
      spdlog::info("tasks reach the network outside again");
    }
  }
}

}  // namespace am::hypervisor
