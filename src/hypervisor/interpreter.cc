#include "hypervisor/interpreter.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "base/random.h"
#include "base/unique_fd.h"
#include "process/spawn.h"

namespace am::hypervisor {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kMemoryBytes = 512ULL << 20;
constexpr std::uint32_t kProcesses = 64;
constexpr std::size_t kOutputBytes = 1 << 20;

// Whether the descriptor has something to read before the deadline.
bool readable_until(int fd, Clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
  pollfd waiting{fd, POLLIN, 0};
  return left > 0 && ::poll(&waiting, 1, static_cast<int>(left)) > 0;
}

// Up to the end of the stream.
Result<std::string> read_output(int fd, Clock::time_point deadline) {
  std::string output;
  while (readable_until(fd, deadline)) {
    char buffer[8192];
    const ssize_t size = ::read(fd, buffer, sizeof buffer);
    if (size <= 0) return output;
    output.append(buffer, static_cast<std::size_t>(size));
    if (output.size() > kOutputBytes) return fail(ErrorCode::too_large, "it prints without an end");
  }
  return fail(ErrorCode::unavailable, "it does not answer in time");
}

}  // namespace

Result<std::string> run_python(const InterpreterPlace& place, const std::string& python,
                               const std::string& code, const std::vector<std::string>& arguments,
                               std::chrono::milliseconds at_most) {
  const auto deadline = Clock::now() + at_most;
  const auto group = process::TaskCgroup::create(place.cgroups, "python-" + random_uuid().substr(0, 8),
                                                 kMemoryBytes, kProcesses);
  if (!group) return pass_on(group);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return fail_errno(errno, "cannot make a pipe");
  const UniqueFd read_end(ends[0]);
  UniqueFd write_end(ends[1]);
  process::SpawnSpec spec;
  spec.argv = {python, "-I", "-c", code};
  spec.argv.insert(spec.argv.end(), arguments.begin(), arguments.end());
  spec.descriptors = {{write_end.get(), 1}};
  spec.cgroup_procs = group->procs();
  spec.confinement = place.confinement;
  auto child = process::spawn(spec);
  if (!child) return pass_on(child);
  write_end.reset();
  auto output = read_output(read_end.get(), deadline);
  const bool ended = output && readable_until(child->pidfd(), deadline);
  if (!ended) child->signal(SIGKILL);
  const process::ExitStatus status = child->reap();
  group->kill();  // what it left behind
  if (!output) return fail(output.error().code, "{}: {}", python, output.error().message);
  if (status.exit_code != 0) return fail(ErrorCode::unavailable, "{} does not work", python);
  return output;
}

}  // namespace am::hypervisor
