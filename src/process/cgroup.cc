#include "process/cgroup.h"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <string_view>

#include "base/files.h"
#include "process/cgroup_members.h"

namespace am::process {
namespace {

Result<void> write_control(const std::string& file, std::string_view value) {
  const UniqueFd fd(::open(file.c_str(), O_WRONLY | O_CLOEXEC));
  if (!fd) return fail_errno(errno, "cannot open {}", file);
  if (::write(fd.get(), value.data(), value.size()) < 0) {
    return fail_errno(errno, "cannot write \"{}\" to {}", value, file);
  }
  return {};
}

Result<void> make_group(const std::string& folder) {
  if (::mkdir(folder.c_str(), 0755) != 0 && errno != EEXIST)
    return fail_errno(errno, "cannot make {}", folder);
  return {};
}

// The number behind `key` in a file of "key value" lines, read through an open descriptor; 0 when absent.
std::uint64_t counter(int fd, std::string_view key) {
  char buffer[1024];
  const ssize_t size = ::pread(fd, buffer, sizeof buffer, 0);
  if (size <= 0) return 0;
  const std::string_view text(buffer, static_cast<std::size_t>(size));
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    if (line.size() > key.size() && line.starts_with(key) && line[key.size()] == ' ') {
      std::uint64_t value = 0;
      std::from_chars(line.data() + key.size() + 1, line.data() + line.size(), value);
      return value;
    }
    at = end + 1;
  }
  return 0;
}

std::uint64_t number_in(const std::string& file) {
  const auto text = read_file(file);
  std::uint64_t value = 0;
  if (text) std::from_chars(text->data(), text->data() + text->size(), value);
  return value;
}

// A kernel file whose changes can be polled for: each read marks what the next poll compares with, so read
// once.
UniqueFd open_events(const std::string& file) {
  UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd) counter(fd.get(), "");
  return fd;
}

}  // namespace

Result<TaskCgroup> TaskCgroup::create(const CgroupFolders& folders, const std::string& name,
                                      std::uint64_t memory_bytes, std::uint32_t process_limit) {
  TaskCgroup group;
  group.v2_ = !folders.memory.empty() && folders.memory == folders.unified;
  const auto make = [&name](const std::string& parent, std::string& own) -> Result<void> {
    if (parent.empty()) return {};
    const std::string folder = parent + "/" + name;
    auto made = make_group(folder);
    if (made) own = folder;
    return made;
  };
  auto ready = make(folders.unified, group.unified_);
  if (ready) ready = make(folders.memory, group.memory_);
  if (ready) ready = make(folders.pids, group.pids_);
  if (ready) {
    ready = group.v2_ ? group.set_up_v2(memory_bytes, process_limit)
                      : group.set_up_v1(memory_bytes, process_limit);
  }
  if (ready) ready = group.open_procs();
  if (!ready) return pass_on(ready);
  if (!group.unified_.empty()) group.population_ = open_events(group.unified_ + "/cgroup.events");
  return group;
}

Result<void> TaskCgroup::set_up_v2(std::uint64_t memory_bytes, std::uint32_t process_limit) {
  if (memory_bytes > 0) {
    if (auto set = write_control(memory_ + "/memory.max", fmt::format("{}", memory_bytes)); !set) return set;
    // Without swap accounting the file does not exist; the limit then is on memory alone.
    (void)write_control(memory_ + "/memory.swap.max", "0");
  }
  memory_events_ = open_events(memory_ + "/memory.events");
  if (process_limit > 0 && !pids_.empty()) {
    if (auto set = write_control(pids_ + "/pids.max", fmt::format("{}", process_limit)); !set) return set;
    pids_events_ = open_events(pids_ + "/pids.events");
  }
  return {};
}

Result<void> TaskCgroup::set_up_v1(std::uint64_t memory_bytes, std::uint32_t process_limit) {
  if (!memory_.empty() && memory_bytes > 0) {
    const std::string limit = fmt::format("{}", memory_bytes);
    if (auto set = write_control(memory_ + "/memory.limit_in_bytes", limit); !set) return set;
    // Without swap accounting the file does not exist; the limit then is on memory alone.
    (void)write_control(memory_ + "/memory.memsw.limit_in_bytes", limit);
    memory_events_ = open_events(memory_ + "/memory.oom_control");
    oom_event_.reset(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    const std::string registration = fmt::format("{} {}", oom_event_.get(), memory_events_.get());
    if (auto set = write_control(memory_ + "/cgroup.event_control", registration); !set) return set;
  }
  if (!pids_.empty() && process_limit > 0) {
    if (auto set = write_control(pids_ + "/pids.max", fmt::format("{}", process_limit)); !set) return set;
    pids_events_ = open_events(pids_ + "/pids.events");
  }
  return {};
}

Result<void> TaskCgroup::limit_memory(std::uint64_t bytes) {
  if (memory_.empty()) return {};
  if (v2_) return write_control(memory_ + "/memory.max", bytes > 0 ? fmt::format("{}", bytes) : "max");
  const std::string limit = bytes > 0 ? fmt::format("{}", bytes) : "-1";
  // The one with swap is never below the other: it is raised before it, and lowered after it.
  const std::string with_swap = memory_ + "/memory.memsw.limit_in_bytes";
  (void)write_control(with_swap, limit);
  auto set = write_control(memory_ + "/memory.limit_in_bytes", limit);
  (void)write_control(with_swap, limit);
  return set;
}

Result<void> TaskCgroup::open_procs() {
  std::vector<std::string> folders;
  for (const std::string& folder : {unified_, memory_, pids_}) {
    if (!folder.empty() && std::ranges::find(folders, folder) == folders.end()) folders.push_back(folder);
  }
  for (const std::string& folder : folders) {
    const std::string file = folder + "/cgroup.procs";
    procs_.emplace_back(::open(file.c_str(), O_WRONLY | O_CLOEXEC));
    if (!procs_.back()) return fail_errno(errno, "cannot open {}", file);
  }
  return {};
}

TaskCgroup::~TaskCgroup() {
  // Fails with EBUSY only while a process is left, and the hypervisor clears such a group at its next start.
  for (const std::string& folder : {unified_, memory_, pids_}) {
    if (!folder.empty()) ::rmdir(folder.c_str());
  }
}

std::vector<int> TaskCgroup::procs() const {
  std::vector<int> descriptors;
  descriptors.reserve(procs_.size());
  for (const UniqueFd& fd : procs_) descriptors.push_back(fd.get());
  return descriptors;
}

Result<void> TaskCgroup::take(pid_t process) {
  const std::string number = fmt::format("{}", process);
  for (const UniqueFd& procs : procs_) {
    if (auto written = write_all(procs.get(), number); !written)
      return fail(written.error().code, "process {} cannot join its control group: {}", number,
                  written.error().message);
  }
  return {};
}

int TaskCgroup::memory_event() const { return oom_event_ ? oom_event_.get() : memory_events_.get(); }

bool TaskCgroup::memory_limit_hit() const {
  if (memory_events_ && counter(memory_events_.get(), "oom_kill") > 0) return true;
  if (!oom_event_) return false;
  std::uint64_t events = 0;  // level of the eventfd; reading resets it, and any event is final for the task
  return ::read(oom_event_.get(), &events, sizeof events) > 0;
}

bool TaskCgroup::process_limit_hit() const { return pids_events_ && counter(pids_events_.get(), "max") > 0; }

bool TaskCgroup::populated() const { return population_ && counter(population_.get(), "populated") > 0; }

std::vector<pid_t> TaskCgroup::members() const { return processes_in(unified_); }

void TaskCgroup::signal_members(int number) const {
  for (const pid_t pid : members()) signal_member(unified_, pid, number);
}

std::optional<double> TaskCgroup::cpu_seconds() const {
  if (unified_.empty()) return std::nullopt;
  const UniqueFd file(::open((unified_ + "/cpu.stat").c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return std::nullopt;
  return static_cast<double>(counter(file.get(), "usage_usec")) / 1e6;
}

std::vector<pid_t> members_of_group(const CgroupFolders& folders, const std::string& name) {
  return folders.unified.empty() ? std::vector<pid_t>{} : processes_in(folders.unified + "/" + name);
}

GroupMemory memory_of_group(const CgroupFolders& folders, const std::string& name) {
  if (folders.memory.empty()) return {};
  const std::string group = folders.memory + "/" + name;
  if (folders.memory != folders.unified) {
    return {number_in(group + "/memory.usage_in_bytes"), number_in(group + "/memory.max_usage_in_bytes")};
  }
  return {number_in(group + "/memory.current"), number_in(group + "/memory.peak")};
}

std::uint64_t TaskCgroup::memory_bytes() const {
  if (memory_.empty()) return 0;
  return number_in(memory_ + (v2_ ? "/memory.current" : "/memory.usage_in_bytes"));
}

std::uint64_t TaskCgroup::memory_peak_bytes() const {
  if (memory_.empty()) return 0;
  if (!v2_) return number_in(memory_ + "/memory.max_usage_in_bytes");
  const std::uint64_t peak = number_in(memory_ + "/memory.peak");  // Linux 5.19 and newer
  return peak > 0 ? peak : number_in(memory_ + "/memory.current");
}

bool TaskCgroup::kill() const {
  return !unified_.empty() && write_control(unified_ + "/cgroup.kill", "1").has_value();
}

}  // namespace am::process
