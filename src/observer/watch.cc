#include "observer/watch.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "process/priority.h"

namespace am::observer {
namespace {

constexpr int kPipeBytes = 256 * 1024;
constexpr int kChunksAtOnce = 16;  // of one stream before the other gets its turn
// The first change of a burst is announced at once. The start is no such change: the first output says that,
// too, and who hears of both at the same time passes them on faster.
constexpr std::int64_t kAnnounceEveryUs = 2'000;
constexpr std::int64_t kMemoryPollUs = 100'000;     // without a memory controller
constexpr std::int64_t kProcessPollUs = 1'000'000;  // without an event for refused forks
constexpr std::int64_t kKillAgainUs = 20'000;       // a fork may slip past a kill
constexpr std::uint64_t kPlainInterpreter = 8 << 20;
constexpr std::int64_t kGiveUpUs = 10'000'000;  // a process stuck in the kernel is left behind

Result<void> make_pipe(UniqueFd& read_end, UniqueFd& write_end) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return fail_errno(errno, "cannot make a pipe");
  read_end.reset(ends[0]);
  write_end.reset(ends[1]);
  ::fcntl(read_end.get(), F_SETFL, O_NONBLOCK);
  ::fcntl(read_end.get(), F_SETPIPE_SZ, kPipeBytes);  // a smaller pipe works too
  return {};
}

}  // namespace

Watch::Watch(Poller& poller, const ipc::RunCommand& command, int container)
    : poller_(poller), command_(command), container_(container) {}

Watch::~Watch() = default;

std::uint64_t Watch::elapsed_us() const { return static_cast<std::uint64_t>(monotonic_us() - started_us_); }

Result<void> Watch::begin(UniqueFd children, std::function<void()> on_change) {
  children_ = std::move(children);
  if (early_stop_) return fail(ErrorCode::conflict, "stopped by {} before the start", *early_stop_);
  started_us_ = monotonic_us();
  started_ms_ = wall_clock_ms();
  if (!run_waiting()) {
    if (auto started = start(); !started) return started;
  }
  stage_ = Stage::running;
  on_change_ = std::move(on_change);
  if (auto watched = watch_all(); !watched) {
    tree_->kill();
    return watched;
  }
  announce_armed_ = true;
  announce_due_ = true;
  announce_->set_us(kAnnounceEveryUs);
  return {};
}

Result<void> Watch::open_log() {
  if (log_) return {};
  auto log = OutputLog::create();
  if (!log) return pass_on(log);
  log_.emplace(std::move(*log));
  return {};
}

// The task's first process.
Result<void> Watch::start() {
  if (auto opened = open_log(); !opened) return opened;
  UniqueFd standard_output;
  UniqueFd standard_error;
  if (auto opened = open_streams(standard_output, standard_error); !opened) return opened;
  auto tree = TaskTree::start(command_, container_, standard_output.get(), standard_error.get(),
                              waiting_ ? waiting_->their_end() : -1);
  if (!tree) return pass_on(tree);
  tree_.emplace(std::move(*tree));
  return {};
}

Result<void> Watch::prepare(int launcher, const std::string& container_folder) {
  auto waiting = WaitingInterpreter::create();
  if (!waiting) return pass_on(waiting);
  waiting_.emplace(std::move(*waiting));
  container_folder_ = container_folder;
  forked_ = launcher >= 0;
  if (auto made = make_timers(); !made) return made;
  if (forked_) {
    if (auto opened = open_log(); !opened) return opened;
    UniqueFd standard_output;
    UniqueFd standard_error;
    if (auto opened = open_streams(standard_output, standard_error); !opened) return opened;
    return waiting_->fork_from(launcher, standard_output.get(), standard_error.get());
  }
  auto started = start();
  waiting_->started();
  if (started) process::run_when_idle(tree_->first_process());
  return started;
}

Result<bool> Watch::note_waiting() {
  if (!tree_) {
    auto tree = TaskTree::adopt(command_, *waiting_, container_folder_);
    if (!tree) return pass_on(tree);
    tree_.emplace(std::move(*tree));
    if (auto told = waiting_->take_pages(); !told) return pass_on(told);
    return false;
  }
  cpu_seconds_before_ = tree_->cpu_seconds();
  const std::uint64_t memory = tree_->cgroup().memory_bytes();
  memory_before_ = memory > kPlainInterpreter ? memory - kPlainInterpreter : 0;
  limit_memory();  // to what most tasks have; where it fails, run_waiting() tries again
  return true;
}

bool Watch::limit_memory() {
  const std::uint64_t limit = command_.limits.memory_mb << 20;
  const bool set = tree_->limit_memory(limit > 0 ? limit + memory_before_ : 0).has_value();
  if (set) memory_mb_ = command_.limits.memory_mb;
  return set;
}

// False when there is none, or it has died: then the task is started as any other.
bool Watch::run_waiting() {
  if (!waiting_ || !tree_) return false;
  const bool runs = waiting_->hear() == WaitingInterpreter::Word::nothing &&
                    (memory_mb_ == command_.limits.memory_mb || limit_memory()) &&
                    (forked_ || process::run_as_others(tree_->first_process())) && waiting_->run(command_);
  if (runs) {
    waiting_.reset();
  } else {
    abandon();
    cpu_seconds_before_ = 0;
    memory_before_ = 0;
  }
  return runs;
}

void Watch::abandon() {
  waiting_.reset();  // one without a tree ends when it hears that
  if (!tree_) return;
  for (tree_->kill(), tree_->reap(); !tree_->empty(); tree_->reap()) {
    pollfd changed[] = {{tree_->population_event(), POLLPRI, 0}, {tree_->first_process_event(), POLLIN, 0}};
    ::poll(changed, 2, static_cast<int>(kKillAgainUs / 1000));
    tree_->kill();
  }
  tree_.reset();
}

Result<void> Watch::open_streams(UniqueFd& standard_output, UniqueFd& standard_error) {
  auto made = make_pipe(streams_[0].pipe, standard_output);
  if (made) made = make_pipe(streams_[1].pipe, standard_error);
  return made;
}

Result<void> Watch::make_timers() {
  for (std::optional<Timer>* timer : {&deadline_, &poll_, &announce_}) {
    if (*timer) continue;
    auto made = Timer::create();
    if (!made) return pass_on(made);
    timer->emplace(std::move(*made));
  }
  return {};
}

Result<void> Watch::watch_all() {
  if (auto made = make_timers(); !made) return made;
  Result<void> added;
  const auto add = [&](int fd, std::uint32_t events, Poller::Callback callback) {
    if (added && fd >= 0) added = poller_.add(fd, events, std::move(callback));
  };
  for (Stream& stream : streams_) {
    add(stream.pipe.get(), EPOLLIN, [this, &stream](std::uint32_t) { on_output(stream, true); });
  }
  add(children_.get(), EPOLLIN, [this](std::uint32_t) { on_child(); });
  add(deadline_->fd(), EPOLLIN, [this](std::uint32_t) { on_deadline(); });
  add(poll_->fd(), EPOLLIN, [this](std::uint32_t) { on_poll_limits(); });
  add(announce_->fd(), EPOLLIN, [this](std::uint32_t) {
    announce_->acknowledge();
    announce_armed_ = false;
    if (announce_due_) announce();
  });
  // Edge-triggered: the counters behind them never go back, so their level would stay up.
  const process::TaskCgroup& cgroup = tree_->cgroup();
  add(cgroup.memory_event(), EPOLLIN | EPOLLPRI | EPOLLET, [this](std::uint32_t) { check_limits(); });
  add(tree_->population_event(), EPOLLPRI | EPOLLET, [this](std::uint32_t) { on_child(); });
  add(tree_->first_process_event(), EPOLLIN | EPOLLET, [this](std::uint32_t) { on_child(); });
  add(cgroup.processes_event(), EPOLLPRI | EPOLLET, [this](std::uint32_t) { check_limits(); });
  if (command_.limits.timeout_sec > 0) {
    deadline_->set_us(static_cast<std::int64_t>(std::min(command_.limits.timeout_sec, 1e9) * 1e6));
  }
  if (!cgroup.limits_memory()) {
    poll_->set_us(kMemoryPollUs);
  } else if (cgroup.processes_event() < 0 && command_.process_limit > 0) {
    poll_->set_us(kProcessPollUs);
  }
  return added;
}

void Watch::on_output(Stream& stream, bool bounded) {
  bool changed = false;
  for (int chunk = 0; !bounded || chunk < kChunksAtOnce; ++chunk) {
    const auto moved = log_->take(stream.pipe.get(), stream.kind, elapsed_us());
    if (moved && *moved == OutputLog::Moved::some) {
      changed = true;
      continue;
    }
    if (!moved || *moved == OutputLog::Moved::end_of_stream) {
      poller_.remove(stream.pipe.get());
      stream.pipe.reset();
    }
    break;
  }
  if (changed) announce();
}

void Watch::announce() {
  announce_due_ = announce_armed_ && announced_;
  if (announce_due_) return;
  announced_ = true;
  announce_armed_ = true;
  announce_->set_us(kAnnounceEveryUs);
  on_change_();
}

void Watch::check_limits() {
  if (cause_.decided()) return;
  if (tree_->cgroup().memory_limit_hit()) {
    give_up_on(EndCause::Kind::memory_limit);
  } else if (tree_->cgroup().process_limit_hit()) {
    give_up_on(EndCause::Kind::process_limit);
  }
}

void Watch::on_poll_limits() {
  poll_->acknowledge();
  if (stage_ != Stage::running) return;
  if (tree_->cgroup().limits_memory()) {
    check_limits();
    poll_->set_us(kProcessPollUs);
    return;
  }
  if (tree_->poll_memory_bytes() > command_.limits.memory_mb << 20) {
    give_up_on(EndCause::Kind::memory_limit);
  } else if (command_.process_limit > 0 && tree_->count_processes() > command_.process_limit) {
    give_up_on(EndCause::Kind::process_limit);
  }
  poll_->set_us(kMemoryPollUs);
}

void Watch::stop(const std::string& by) {
  if (stage_ == Stage::before) early_stop_ = by;
  if (stage_ == Stage::running) give_up_on(EndCause::Kind::stopped, by);
}

void Watch::give_up_on(EndCause::Kind kind, const std::string& by) {
  if (!cause_.set(kind, elapsed_seconds(), by)) return;
  if (cause_.kills_at_once()) return finish_stage();
  stage_ = Stage::stopping;
  tree_->terminate();
  deadline_->set_us(std::int64_t{command_.grace_ms} * 1000);
}

void Watch::on_deadline() {
  deadline_->acknowledge();
  switch (stage_) {
    case Stage::running:
      give_up_on(EndCause::Kind::time_limit);
      break;
    case Stage::stopping:
      finish_stage();
      break;
    case Stage::ending:
      on_child();
      if (stage_ == Stage::ending) {
        tree_->kill();
        deadline_->set_us(kKillAgainUs);
      }
      break;
    case Stage::before:
    case Stage::over:
      break;
  }
}

// From here on nothing of the task may live.
void Watch::finish_stage() {
  stage_ = Stage::ending;
  kill_deadline_us_ = monotonic_us() + kGiveUpUs;
  tree_->kill();
  deadline_->set_us(kKillAgainUs);
  on_child();
}

void Watch::on_child() {
  char drained[512];
  while (::read(children_.get(), drained, sizeof drained) > 0) {
  }
  tree_->reap();
  if (tree_->first_status() && stage_ != Stage::ending && stage_ != Stage::over) {
    check_limits();  // an out-of-memory kill may be seen as a death before its own event is
    if (stage_ != Stage::ending) {
      if (tree_->empty()) {
        stage_ = Stage::ending;
      } else {
        return finish_stage();
      }
    }
  }
  if (stage_ != Stage::ending) return;
  if (!tree_->empty() && monotonic_us() < kill_deadline_us_) return;
  // All writers are dead: what is still in the pipes is all there will ever be.
  for (Stream& stream : streams_) {
    if (stream.pipe) on_output(stream, false);
  }
  finished_ms_ = wall_clock_ms();
  stage_ = Stage::over;
}

ipc::ObserverStatus Watch::status() const {
  ipc::ObserverStatus status;
  status.state = stage_ == Stage::before ? TaskState::starting : TaskState::running;
  status.started_ms = started_ms_;
  status.output_bytes = log_ ? log_->size() : 0;
  status.process_id = tree_ ? tree_->first_process() : 0;
  status.observer_id = ::getpid();
  return status;
}

ipc::TaskEnd Watch::take_end() {
  ipc::TaskEnd end;
  const process::ExitStatus status = tree_->first_status().value_or(process::ExitStatus{});
  const double before_mb = static_cast<double>(memory_before_) / (1 << 20);
  const double peak_mb = std::max(0.0, tree_->memory_peak_mb() - before_mb);
  end.usage = {std::max(0.0, tree_->cpu_seconds() - cpu_seconds_before_), peak_mb, log_->size()};
  end.outcome = cause_.outcome(status, command_.limits, command_.process_limit, end.usage.memory_peak_mb);
  if (log_->lost_bytes() > 0) {
    end.outcome.message += fmt::format("{}{} bytes of output could not be stored: disk full",
                                       end.outcome.message.empty() ? "" : "; ", log_->lost_bytes());
  }
  end.started_ms = started_ms_;
  end.finished_ms = finished_ms_;
  poller_.remove(tree_->population_event());
  poller_.remove(tree_->first_process_event());
  poller_.remove(tree_->cgroup().memory_event());
  poller_.remove(tree_->cgroup().processes_event());
  tree_->remove_own_container();
  tree_.reset();
  return end;
}

}  // namespace am::observer
