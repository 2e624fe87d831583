#include "hypervisor/slots.h"

#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include <array>
#include <boost/json.hpp>
#include <filesystem>

#include "base/files.h"
#include "base/random.h"
#include "hypervisor/task_folder.h"
#include "hypervisor/task_host.h"
#include "ipc/codec.h"
#include "loop/backoff.h"
#include "loop/first_of.h"
#include "process/cgroup.h"

namespace am::hypervisor {
namespace {

using namespace std::chrono_literals;

constexpr const char* kVenv = "default";
constexpr auto kReadyWithin = 30s;
// Preparing begins a moment after a start, whose own way to its first output it would slow down.
constexpr auto kAfterStart = 15ms;
constexpr auto kQuietFor = 40ms;  // then they preload
constexpr int kFailuresInARow =
    5;  // then an interpreter of this environment cannot wait, and tasks start without

// The parameter {"coldStart": true}. Large parameters are not parsed for the sake of those few that have it.
bool wants_cold_start(const ipc::TaskSpec& task) {
  if (task.script_params.find("\"coldStart\"") == std::string::npos) return false;
  boost::system::error_code malformed;
  const auto params = boost::json::parse(task.script_params, malformed);
  const auto* const wanted = params.is_object() ? params.get_object().if_contains("coldStart") : nullptr;
  return wanted != nullptr && wanted->is_bool() && wanted->get_bool();
}

}  // namespace

Slots::Slots(asio::any_io_executor executor, Places places, std::size_t size,
             std::vector<std::string> preload)
    : executor_(executor),
      places_(std::move(places)),
      size_(size),
      preload_(std::move(preload)),
      changed_(executor) {}

void Slots::start(TaskGroup& group, const TaskDefaults& defaults) {
  defaults_ = &defaults;
  const auto left = task_folders(places_.slots);
  for (const std::string& name : left.value_or(std::vector<std::string>{})) {
    // Its observer ends by itself, as the hypervisor that it waited for is gone; a killed one leaves its
    // groups.
    process::end_leftovers(defaults.cgroups, name);
    std::error_code ignored;
    std::filesystem::remove_all(places_.slots + "/" + name, ignored);
  }
  if (size_ > 0) group.spawn("slots", keep_filled());
}

std::optional<Slot> Slots::take(const ipc::TaskSpec& task) {
  if (task.venv != kVenv || wants_cold_start(task)) return std::nullopt;
  if (defaults_->host != nullptr && defaults_->host->isolates(task)) return std::nullopt;
  while (!ready_.empty()) {
    Slot slot = std::move(ready_.front());
    ready_.pop_front();
    changed_.notify_all();
    if (!slot.process.ended()) return slot;
  }
  return std::nullopt;
}

Awaitable<> Slots::stop() {
  for (Slot& slot : ready_) slot.channel->close();
  while (!ready_.empty()) {
    Slot slot = std::move(ready_.front());
    ready_.pop_front();
    co_await end(std::move(slot));
  }
}

// One after the other, so that preparing takes little from the tasks that run.
Awaitable<> Slots::keep_filled() {
  Backoff backoff(200ms, 10s);
  asio::steady_timer pause(executor_);
  for (int failures = 0; failures < kFailuresInARow;) {
    const std::uint64_t seen = changed_.version();
    if (ready_.size() >= size_) {
      if (!wants_preload()) {
        co_await changed_.changed_since(seen);
        continue;
      }
      // It takes long: only while nobody starts anything.
      const bool busy = co_await changed_.changed_since(seen, kQuietFor);
      if (!busy) co_await preload_one();
      continue;
    }
    if (!ready_.empty()) {
      const bool another = co_await changed_.changed_since(seen, kAfterStart);
      if (another) continue;
    }
    const bool prepared = co_await prepare();
    failures = prepared ? 0 : failures + 1;
    if (prepared) continue;
    pause.expires_after(backoff.next());
    co_await pause.async_wait(asio::use_awaitable);
  }
  spdlog::error("no more interpreters are prepared: tasks start without, and slower");
}

bool Slots::wants_preload() const { return !preload_.empty() && !ready_.empty() && !ready_.back().preloaded; }

// It is not there for a task meanwhile.
Awaitable<> Slots::preload_one() {
  Slot slot = std::move(ready_.back());
  ready_.pop_back();
  slot.channel->post(ipc::encode(ipc::Preload{preload_}));
  const auto ready = co_await wait_until_ready(*slot.channel);
  if (ready) {
    slot.preloaded = true;
    ready_.push_front(std::move(slot));
    co_return;
  }
  spdlog::warn("an interpreter could not preload {}: {}", fmt::join(preload_, ", "), ready.error().message);
  co_await end(std::move(slot));
}

Awaitable<> Slots::end(Slot slot) {
  slot.channel->close();
  co_await slot.process.reap();
  std::error_code ignored;
  std::filesystem::remove_all(slot.folder, ignored);
}

Awaitable<bool> Slots::prepare() {
  const std::string name = random_uuid();
  auto slot = begin(name);
  Result<void> ready;
  if (slot) {
    ready = co_await wait_until_ready(*slot->channel);
    if (ready) {
      ready_.push_back(std::move(*slot));
      co_return true;
    }
    co_await end(std::move(*slot));
  } else {
    ready = pass_on(slot);
  }
  spdlog::warn("an interpreter could not be prepared: {}", ready.error().message);
  co_return false;
}

Result<Slot> Slots::begin(const std::string& name) {
  const TaskFolder folder(places_.slots, name);
  auto made = folder.make();
  if (made) made = make_folders(folder.own_folder(), 0755);
  if (made) made = write_file_atomically(folder.path() + "/" + kGroupFile, name, 0640);
  if (!made) return pass_on(made);
  const int container = defaults_->host != nullptr ? defaults_->host->process() : -1;
  const ipc::PrepareSlot order{slot_command(name, kVenv, places_, *defaults_)};
  auto started = start_observer(executor_, places_.observer, folder.path(), places_.tasks + "/observers.log",
                                container, order);
  if (!started) return pass_on(started);
  return Slot{name, folder.path(), std::move(started->process), std::move(started->channel)};
}

Awaitable<Result<void>> Slots::wait_until_ready(net::ByteChannel& channel) {
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
