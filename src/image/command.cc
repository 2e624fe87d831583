#include "image/command.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>

#include "base/files.h"
#include "base/unique_fd.h"
#include "process/spawn.h"

namespace am::image {
namespace {

constexpr int kLockInChild = 3;

Result<process::Child> start(const Command& command, const BuildLog& log, int stdout_fd) {
  std::string line = "\n$";
  for (const std::string& word : command.argv) line += " " + word;
  if (auto written = write_all(log.fd, line + "\n"); !written) return pass_on(written);
  process::SpawnSpec spec{.argv = command.argv, .environment = command.environment};
  spec.descriptors = {{stdout_fd, STDOUT_FILENO}, {log.fd, STDERR_FILENO}};
  if (log.lock_fd >= 0) spec.descriptors.emplace_back(log.lock_fd, kLockInChild);
  // Ctrl-C reaches the child, too; when only this program is ended, the kernel passes that on.
  spec.new_session = false;
  spec.parent_death_signal = SIGTERM;
  return process::spawn(spec);
}

Result<std::string> read_all(int fd) {
  std::string content;
  char buffer[16384];
  for (;;) {
    const ssize_t count = ::read(fd, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_errno(errno, "cannot read a program's output");
    if (count == 0) return content;
    content.append(buffer, static_cast<std::size_t>(count));
  }
}

Result<void> finish(process::Child& child, const Command& command, const BuildLog& log) {
  const process::ExitStatus status = child.reap();
  if (status.exit_code == 0) return {};
  const std::string how = status.exit_code ? fmt::format("failed (exit code {})", *status.exit_code)
                                           : fmt::format("was ended by signal {}", status.signal.value_or(0));
  const auto text = read_file(log.path);
  return fail(ErrorCode::internal, "{} {}: {} (the whole log: {})", command.argv[0], how,
              text ? complaint_of(*text) : text.error().message, log.path);
}

}  // namespace

std::string find_program(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::string folders =
      std::string(path != nullptr ? path : "") + ":/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin";
  while (!folders.empty()) {
    const std::size_t colon = folders.find(':');
    const std::string candidate = folders.substr(0, colon) + "/" + name;
    folders.erase(0, colon == std::string::npos ? colon : colon + 1);
    if (candidate.front() == '/' && ::access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return {};
}

Result<void> run_logged(const Command& command, const BuildLog& log) {
  auto child = start(command, log, log.fd);
  if (!child) return pass_on(child);
  return finish(*child, command, log);
}

Result<std::string> output_of(const Command& command, const BuildLog& log) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return fail_errno(errno, "cannot make a pipe");
  const UniqueFd reading(ends[0]);
  UniqueFd writing(ends[1]);
  auto child = start(command, log, writing.get());
  if (!child) return pass_on(child);
  writing.reset();
  const auto output = read_all(reading.get());
  if (auto finished = finish(*child, command, log); !finished) return pass_on(finished);
  return output;
}

std::string complaint_of(std::string_view log) {
  std::string_view last;
  std::string_view complaint;
  while (!log.empty()) {
    const std::size_t end = log.find('\n');
    const std::string_view line = log.substr(0, end);
    log.remove_prefix(end == std::string_view::npos ? log.size() : end + 1);
    if (line.starts_with("$ "))
      complaint = last = {};  // another program's
    else if (complaint.empty() && (line.starts_with("E: ") || line.starts_with("ERROR: ")))
      complaint = line;
    else if (!line.empty())
      last = line;
  }
  if (complaint.empty()) complaint = last;
  return complaint.empty() ? "it said nothing" : std::string(complaint);
}

}  // namespace am::image
