#include "hypervisor/slot_pool.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "base/files.h"
#include "base/random.h"
#include "hypervisor/leftovers.h"
#include "hypervisor/task_folder.h"
#include "hypervisor/task_host.h"
#include "hypervisor/task_listener.h"
#include "ipc/codec.h"
#include "loop/backoff.h"
#include "loop/first_of.h"
#include "process/cgroup.h"
#include "process/confinement.h"

namespace am::hypervisor {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto kReadyWithin = 30s;
// Preparing begins a moment after a start, whose own way to its first output it would slow down.
constexpr auto kAfterStart = 3ms;
constexpr auto kShrinkAfter = 60s;
constexpr std::size_t kMostGrowth = 4;  // times the size
// What a launcher forks has its hash seed and address layout in common.
constexpr std::size_t kForksOfOneLauncher = 128;
constexpr int kFailuresInARow = 5;  // then the fault is not a passing one

}  // namespace

SlotPool::SlotPool(asio::any_io_executor executor, const Places& places, const TaskDefaults& defaults,
                   Observers& observers, Kind kind)
    : executor_(executor),
      places_(places),
      defaults_(defaults),
      observers_(observers),
      kind_(std::move(kind)),
      target_(kind_.size),
      changed_(executor),
      renewal_(executor) {}

bool SlotPool::forks() const {
  return defaults_.host != nullptr && process::can_be_apart() && !launcher_failed_;
}

void SlotPool::start(TaskGroup& group) {
  group_ = &group;
  if (forks()) group.spawn("launcher of " + kind_.venv, keep_launcher());
  group.spawn("slots of " + kind_.venv, keep_filled());
}

std::optional<Slot> SlotPool::take() {
  renew_when_stale();
  changed_.notify_all();
  while (!ready_.empty()) {
    Slot slot = std::move(ready_.front());
    ready_.pop_front();
    if (!has_ended(*slot.process)) return slot;
    ending_.push_back(std::move(slot));
  }
  target_ = std::clamp(target_ * 2, kind_.size, kind_.size * kMostGrowth);
  if (!launcher_) return std::nullopt;
  auto slot = begin();
  if (slot) return std::move(*slot);
  spdlog::warn("{}", slot.error().message);
  return std::nullopt;
}

Awaitable<> SlotPool::stop() {
  co_await shrink_to(0);
  if (preparing_) co_await end(*preparing_);
  preparing_.reset();
  for (std::unique_ptr<Launcher>* const launcher : {&launcher_, &starting_}) {
    if (*launcher) co_await (*launcher)->end();
    launcher->reset();
  }
}

// Somebody has ended them, perhaps with their container.
Awaitable<> SlotPool::bury_ended() {
  for (std::size_t i = 0; i < ready_.size();) {
    if (has_ended(*ready_[i].process)) {
      ending_.push_back(std::move(ready_[i]));
      ready_.erase(ready_.begin() + static_cast<std::ptrdiff_t>(i));
    } else {
      ++i;
    }
  }
  co_await end_those();
}

Awaitable<> SlotPool::end_those() {
  for (Slot& slot : ending_) slot.channel->close();  // all of them hear it before the first one is waited for
  while (!ending_.empty()) {
    co_await end(ending_.front());
    ending_.pop_front();
  }
}

void SlotPool::give_back(Slot slot) {
  ending_.push_back(std::move(slot));
  changed_.notify_all();
}

Awaitable<> SlotPool::shrink_to(std::size_t size) {
  while (ready_.size() > size) {
    ending_.push_back(std::move(ready_.back()));
    ready_.pop_back();
  }
  co_await end_those();
}

bool SlotPool::wants_more() const {
  if (ready_.size() >= target_ || (forks() && !launcher_)) return false;
  return ready_.empty() || memory() < kind_.memory_bytes;
}

// One at a time: while a process joins a control group, the kernel holds back every fork and every end of a
// process on the machine, for milliseconds.
Awaitable<> SlotPool::keep_filled() {
  Backoff backoff(200ms, 60s);
  asio::steady_timer pause(executor_);
  for (int failures = 0;;) {
    const std::uint64_t seen = changed_.version();
    if (!ready_.empty()) {
      const bool another = co_await changed_.changed_since(seen, kAfterStart);
      if (another) continue;
    }
    co_await bury_ended();
    if (!wants_more()) {
      const bool asked = co_await changed_.changed_since(seen, kShrinkAfter);
      if (!asked) co_await shrink();
      continue;
    }
    const bool prepared = co_await prepare();
    failures = prepared ? 0 : failures + 1;
    if (prepared) {
      backoff.reset();
      continue;
    }
    if (failures == kFailuresInARow)
      spdlog::error("interpreters of {} cannot be prepared: tasks start without, and slower", kind_.venv);
    pause.expires_after(backoff.next());
    co_await pause.async_wait(asio::use_awaitable);
  }
}

// Nobody has asked for a while.
Awaitable<> SlotPool::shrink() {
  target_ = kind_.permanent ? kind_.size : 0;
  co_await shrink_to(target_);
  if (target_ == 0) renewal_.notify_all();
}

Awaitable<> SlotPool::keep_launcher() {
  Backoff backoff(200ms, 60s);
  asio::steady_timer pause(executor_);
  for (int failures = 0;;) {
    // An unused environment's begins when somebody asks.
    while (target_ == 0) co_await changed_.changed_since(changed_.version());
    Packages packages(places_.venvs + "/" + kind_.venv);
    starting_ = std::make_unique<Launcher>(places_, defaults_);
    const auto started = co_await starting_->start(kind_.venv, kind_.preload, kind_.memory_bytes);
    failures = started ? 0 : failures + 1;
    if (!started) {
      co_await starting_->end();
      starting_.reset();
      spdlog::warn("no interpreters of {} are forked: {}", kind_.venv, started.error().message);
      if (failures == kFailuresInARow) {
        launcher_failed_ = true;
        changed_.notify_all();
      }
      pause.expires_after(backoff.next());
      co_await pause.async_wait(asio::use_awaitable);
      continue;
    }
    const auto former = std::exchange(launcher_, std::move(starting_));
    launcher_failed_ = false;
    backoff.reset();
    packages_.emplace(std::move(packages));
    stale_ = false;
    forked_ = 0;
    changed_.notify_all();
    if (former) co_await former->end();
    const std::uint64_t seen = renewal_.version();
    const auto why = co_await first_of(launcher_->ended(), renewal_.changed_since(seen));
    if (why.index() == 1 && target_ > 0 && !stale_) continue;  // it works until the next one does
    const auto ended = std::move(launcher_);
    co_await ended->end();
  }
}

// Packages were installed or removed: what was prepared has the former ones.
void SlotPool::renew_when_stale() {
  if (!launcher_ || stale_) return;
  if (packages_->changed()) {
    stale_ = true;
    for (Slot& slot : ready_) ending_.push_back(std::move(slot));
    ready_.clear();
    renewal_.notify_all();
  } else if (forked_ >= kForksOfOneLauncher) {
    forked_ = 0;  // asked for once
    renewal_.notify_all();
  }
}

std::uint64_t SlotPool::memory() const {
  std::uint64_t bytes = launcher_ ? process::memory_of_group(defaults_.cgroups, launcher_->name()).now : 0;
  for (const Slot& slot : ready_) bytes += process::memory_of_group(defaults_.cgroups, slot.name).now;
  return bytes;
}

Awaitable<> SlotPool::end(Slot& slot) {
  slot.channel->close();
  co_await observers_.finish(slot.process);
  // One that was killed leaves them.
  const bool ended = co_await end_group(defaults_.cgroups, slot.name);
  if (!ended) spdlog::error("processes of the slot {} cannot be ended", slot.name);
  TaskFolder(fs::path(slot.folder).parent_path(), slot.name).remove_own();
  std::error_code ignored;
  fs::remove_all(slot.folder, ignored);
  fs::remove(workdir_of(slot.name), ignored);
}

Awaitable<bool> SlotPool::prepare() {
  auto slot = begin();
  Result<void> ready;
  if (slot) {
    preparing_.emplace(std::move(*slot));
    ready = co_await wait_until_ready(*preparing_);
    if (ready) {
      ready_.push_back(std::move(*preparing_));
    } else {
      co_await end(*preparing_);
    }
    preparing_.reset();
    if (ready) co_return true;
  } else {
    ready = pass_on(slot);
  }
  spdlog::warn("an interpreter of {} could not be prepared: {}", kind_.venv, ready.error().message);
  co_return false;
}

Result<Slot> SlotPool::begin() {
  const std::string name = random_uuid();
  const TaskFolder folder(places_.slots, name);
  if (auto made = make_places(folder, name); !made) return pass_on(made);
  auto door = listen_for_task(folder.own_folder());
  if (!door) return pass_on(door);
  ipc::PrepareSlot order{slot_command(name, kind_.venv, places_, defaults_), ""};
  ObserverJob job{.task_folder = folder.path(),
                  .container = defaults_.host != nullptr ? defaults_.host->process() : -1};
  if (launcher_) {
    order.container_folder = defaults_.host->container_folder();
    job.launcher = launcher_->socket();
    ++forked_;
  }
  auto started = observers_.start(job, order, [this] { changed_.notify_all(); });
  if (!started) return pass_on(started);
  return Slot{name, folder.path(), std::move(started->process), std::move(started->channel),
              std::move(*door)};
}

// What takes longer to make than a task's start may take.
Result<void> SlotPool::make_places(const TaskFolder& folder, const std::string& name) const {
  const TaskHost* const host = defaults_.host;
  auto made = folder.make(host != nullptr ? host->own_folders() : places_.own);
  if (made) made = write_file_atomically(folder.path() + "/" + kGroupFile, name, 0640);
  if (made) made = host != nullptr ? host->prepare_slot(name) : make_folders(workdir_of(name));
  return made;
}

// A forked one has the launcher's modules.
Awaitable<Result<void>> SlotPool::wait_until_ready(Slot& slot) {
  const bool imports = !forks() && !kind_.preload.empty();
  auto ready = co_await read_ready(*slot.channel);
  if (!ready || !imports) co_return ready;
  slot.channel->post(ipc::encode(ipc::Preload{kind_.preload}));
  ready = co_await read_ready(*slot.channel);
  co_return ready;
}

Awaitable<Result<void>> SlotPool::read_ready(net::ByteChannel& channel) {
  ipc::FrameDecoder decoder;
  std::array<std::byte, 64> buffer;
  asio::steady_timer deadline(executor_, kReadyWithin);
  for (;;) {
    const auto first = co_await first_of(channel.read_some(buffer), deadline.async_wait(asio::use_awaitable));
    const auto* const size = std::get_if<std::size_t>(&first);
    if (size == nullptr)
      co_return fail(ErrorCode::unavailable, "it is not ready after {} s", kReadyWithin.count());
    if (*size == 0)
      co_return fail(ErrorCode::unavailable, "it has ended; see {}/observers.log", places_.tasks);
    decoder.feed(std::string_view(reinterpret_cast<const char*>(buffer.data()), *size));
    const auto message = decoder.next();
    if (!message) co_return pass_on(message);
    if (*message && std::holds_alternative<ipc::SlotReady>(**message)) co_return Result<void>();
  }
}

}  // namespace am::hypervisor
