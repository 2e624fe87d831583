#include "up/log_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <deque>

namespace am::up {
namespace {

constexpr std::uint64_t kTailBytes = 8192;
constexpr std::size_t kTailLines = 20;

}  // namespace

Result<OpenLog> open_log(const std::string& file) {
  struct stat facts{};
  if (::stat(file.c_str(), &facts) == 0 && static_cast<std::uint64_t>(facts.st_size) > kLogLimit) {
    const std::string older = file + ".1";
    if (::rename(file.c_str(), older.c_str()) != 0) return fail_errno(errno, "cannot rename {}", file);
  }
  OpenLog log;
  log.fd.reset(::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!log.fd || ::fstat(log.fd.get(), &facts) != 0) return fail_errno(errno, "cannot open the log {}", file);
  log.size = static_cast<std::uint64_t>(facts.st_size);
  return log;
}

std::string tail_of_log(const std::string& file, std::uint64_t from) {
  const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat facts{};
  if (!fd || ::fstat(fd.get(), &facts) != 0) return "";
  const auto size = static_cast<std::uint64_t>(facts.st_size);
  if (size <= from) return "";
  std::string text(std::min(size - from, kTailBytes), '\0');
  const auto start = static_cast<off_t>(size - text.size());
  const ssize_t count = ::pread(fd.get(), text.data(), text.size(), start);
  text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  std::deque<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    if (lines.size() > kTailLines) lines.pop_front();
    at = end + 1;
  }
  std::string tail;
  for (const std::string& line : lines) tail += "\n  " + line;
  return tail.empty() ? tail : ":" + tail;
}

}  // namespace am::up
