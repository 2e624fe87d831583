#include "observer/observer.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "base/files.h"
#include "observer/connections.h"
#include "observer/exit_record.h"
#include "observer/orders.h"
#include "observer/watch.h"

namespace am::observer {
namespace {

Result<UniqueFd> block_and_watch_children() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGCHLD);
  // A terminal's or an administrator's signal to the group is for the daemons; the observer outlives them.
  for (const int ignored : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) ::signal(ignored, SIG_IGN);
  ::sigprocmask(SIG_BLOCK, &signals, nullptr);
  UniqueFd fd(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd) return fail_errno(errno, "cannot watch for children");
  return fd;
}

Result<void> check_script(const std::string& file) {
  struct stat status{};
  if (::stat(file.c_str(), &status) != 0) {
    return fail(ErrorCode::not_found, "the script {} cannot be read: {}", file, errno_text(errno));
  }
  if (!S_ISREG(status.st_mode)) return fail(ErrorCode::invalid_argument, "the script {} is not a file", file);
  return {};
}

// Held for the observer's life: a hypervisor that comes back sees by it that somebody watches this task.
Result<UniqueFd> lock_folder() {
  UniqueFd lock(::open("lock", O_RDWR | O_CREAT | O_CLOEXEC, 0640));
  if (!lock) return fail_errno(errno, "cannot open the lock file");
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0)
    return fail_errno(errno, "another observer watches this task");
  return lock;
}

constexpr const char* kUnclaimed = "starts";  // becomes `started`

// Beforehand: to make a file takes longer than to rename one.
Result<void> prepare_claim() {
  const UniqueFd marker(::open(kUnclaimed, O_WRONLY | O_CREAT | O_CLOEXEC, 0640));
  if (!marker) return fail_errno(errno, "cannot make a file in the task's folder");
  return {};
}

Result<void> claim_start() {
  if (!rename_to_new(kUnclaimed, "started")) return fail_errno(errno, "this task was started before");
  return {};
}

ipc::TaskEnd never_started(OutcomeKind kind, const Error& error) {
  ipc::TaskEnd end;
  end.outcome = {kind, std::nullopt, std::nullopt, error.message};
  end.finished_ms = wall_clock_ms();
  return end;
}

}  // namespace

Result<void> observe(UniqueFd control, UniqueFd container, UniqueFd launcher) {
  // Orphans of the task become our children: no daemon of it leaves our sight.
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  auto children = block_and_watch_children();
  if (!children) return pass_on(children);
  Order order;
  const auto received = receive_order(control.get(), order);
  if (!received) return pass_on(received);
  if (!*received) return fail(ErrorCode::unavailable, "the hypervisor went away before it gave an order");
  const auto lock = lock_folder();
  if (!lock) return pass_on(lock);

  auto poller = Poller::create();
  if (!poller) return pass_on(poller);
  Watch watch(*poller, order.command, container.get());
  auto connections = Connections::listen(
      *poller, [&watch](const std::string& by) { watch.stop(by); }, [&watch] { return watch.status(); });
  if (!connections) return pass_on(connections);
  if (auto prepared = prepare_claim(); !prepared) return prepared;
  if (order.prepares) {
    const auto comes =
        wait_for_task(control.get(), order.container_folder.empty() ? -1 : launcher.get(), order, watch);
    if (!comes) return pass_on(comes);
    if (!*comes) return {};
  }
  if (auto claimed = claim_start(); !claimed) {
    watch.abandon();
    return claimed;
  }
  (*connections)->add(std::move(control), std::move(order.decoder));
  auto begun = check_script(order.command.script_file);
  if (begun) begun = watch.begin(std::move(*children), [&connections] { (*connections)->publish(); });
  ipc::TaskEnd end;
  bool left_behind = false;
  if (begun) {
    while (!watch.over()) {
      if (auto waited = poller->run_once(); !waited) return waited;
    }
    left_behind = watch.left_behind();
    end = watch.take_end();
  } else {
    watch.abandon();
    end = never_started(watch.stopped_early() ? OutcomeKind::stopped : OutcomeKind::failed_to_start,
                        begun.error());
  }
  auto written = write_exit_record(end);
  (*connections)->report_end(end);
  if (written && left_behind)
    return fail(ErrorCode::internal, "processes of the task are stuck in the kernel and were left behind");
  return written;
}

}  // namespace am::observer
