#include "process/process_tree.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/files.h"
#include "base/unique_fd.h"

namespace am::process {
namespace {

constexpr int kDeepestTree = 4096;  // a bound for the climb, deeper than any process limit allows

void append_children(pid_t pid, std::vector<pid_t>& into) {
  std::error_code error;
  const std::string threads = fmt::format("/proc/{}/task", pid);
  for (std::filesystem::directory_iterator entry(threads, error), end; !error && entry != end;
       entry.increment(error)) {
    const auto children = read_file(entry->path().string() + "/children");
    if (!children) continue;  // the thread has ended meanwhile
    const char* at = children->data();
    const char* const stop = at + children->size();
    while (at < stop) {
      pid_t child = 0;
      const auto parsed = std::from_chars(at, stop, child);
      if (parsed.ec != std::errc{}) break;
      into.push_back(child);
      at = parsed.ptr;
      while (at < stop && *at == ' ') ++at;
    }
  }
}

// The fields of a stat line behind the name, as proc(5) numbers them: field 3 (the state) comes first. Empty
// when the process is gone. The name may hold spaces and brackets; the last ) ends it.
std::vector<std::string_view> stat_fields(const std::string& stat) {
  std::vector<std::string_view> fields;
  const std::size_t name_end = stat.rfind(')');
  if (name_end == std::string::npos) return fields;
  std::string_view rest = std::string_view(stat).substr(name_end + 1);
  while (!rest.empty()) {
    const std::size_t begin = rest.find_first_not_of(" \n");
    if (begin == std::string_view::npos) break;
    rest.remove_prefix(begin);
    const std::size_t end = std::min(rest.find_first_of(" \n"), rest.size());
    fields.push_back(rest.substr(0, end));
    rest.remove_prefix(end);
  }
  return fields;
}

std::uint64_t stat_number(const std::vector<std::string_view>& fields, std::size_t proc_field) {
  const std::size_t index = proc_field - 3;
  std::uint64_t number = 0;
  if (index < fields.size()) {
    std::from_chars(fields[index].data(), fields[index].data() + fields[index].size(), number);
  }
  return number;
}

// 0 when the process is gone.
pid_t parent_of(pid_t pid) {
  const auto stat = read_file(fmt::format("/proc/{}/stat", pid));
  return stat ? static_cast<pid_t>(stat_number(stat_fields(*stat), 4)) : 0;
}

std::uint64_t kilobytes_after(std::string_view text, std::string_view label) {
  const std::size_t at = text.find(label);
  if (at == std::string_view::npos) return 0;
  std::size_t digit = at + label.size();
  while (digit < text.size() && (text[digit] == ' ' || text[digit] == '\t')) ++digit;
  std::uint64_t value = 0;
  std::from_chars(text.data() + digit, text.data() + text.size(), value);
  return value;
}

}  // namespace

std::vector<pid_t> descendants_of(pid_t root) {
  std::vector<pid_t> found;
  append_children(root, found);
  for (std::size_t next = 0; next < found.size(); ++next) append_children(found[next], found);
  return found;
}

bool descends_from(pid_t root, pid_t pid) {
  for (int level = 0; level < kDeepestTree; ++level) {
    pid = parent_of(pid);
    if (pid == root) return true;
    if (pid <= 1) return false;
  }
  return false;
}

TreeUsage usage_of(const std::vector<pid_t>& processes) {
  TreeUsage usage;
  std::uint64_t ticks = 0;
  for (const pid_t pid : processes) {
    const auto stat = read_file(fmt::format("/proc/{}/stat", pid));
    if (!stat) continue;  // ended meanwhile
    const auto fields = stat_fields(*stat);
    for (const std::size_t field : {14U, 15U, 16U, 17U}) ticks += stat_number(fields, field);
    ++usage.processes;
  }
  usage.cpu_sec = static_cast<double>(ticks) / static_cast<double>(::sysconf(_SC_CLK_TCK));
  return usage;
}

bool signal_descendant(pid_t root, pid_t pid, int signal) {
  const UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (!pidfd || !descends_from(root, pid)) return false;
  return ::syscall(SYS_pidfd_send_signal, pidfd.get(), signal, nullptr, 0) == 0;
}

std::uint64_t memory_of(const std::vector<pid_t>& processes) {
  std::uint64_t kilobytes = 0;
  for (const pid_t pid : processes) {
    const auto rollup = read_file(fmt::format("/proc/{}/smaps_rollup", pid));
    if (!rollup) continue;  // ended meanwhile
    kilobytes += kilobytes_after(*rollup, "Pss_Anon:") + kilobytes_after(*rollup, "Pss_Shmem:");
  }
  return kilobytes * 1024;
}

}  // namespace am::process
