#include "up/data_lock.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>

#include "base/files.h"

namespace am::up {
namespace {

constexpr std::uint64_t kLockFileLimit = 4096;
constexpr unsigned kDyingDaemonsSec = 10;

struct Holder {
  pid_t pid = 0;
  std::string url;
};

// The file holds "PID\nURL\n".
Holder read_holder(const std::string& file) {
  const auto text = read_file(file, kLockFileLimit);
  Holder holder;
  if (!text) return holder;
  const std::size_t line = text->find('\n');
  if (line == std::string::npos) return holder;
  std::from_chars(text->data(), text->data() + line, holder.pid);
  holder.url = text->substr(line + 1, text->find('\n', line + 1) - line - 1);
  return holder;
}

bool alive(pid_t pid) { return pid > 0 && (::kill(pid, 0) == 0 || errno == EPERM); }

// flock() with a bound: the alarm interrupts it.
bool lock_within(int fd, unsigned seconds) {
  struct sigaction interrupt{};
  struct sigaction before{};
  interrupt.sa_handler = [](int) {};
  ::sigaction(SIGALRM, &interrupt, &before);
  ::alarm(seconds);
  const bool locked = ::flock(fd, LOCK_EX) == 0;
  ::alarm(0);
  ::sigaction(SIGALRM, &before, nullptr);
  return locked;
}

Result<void> write_holder(int fd, const std::string& url) {
  if (::ftruncate(fd, 0) != 0 || ::lseek(fd, 0, SEEK_SET) < 0)
    return fail_errno(errno, "cannot write up.lock");
  return write_all(fd, fmt::format("{}\n{}\n", ::getpid(), url));
}

}  // namespace

Result<DataLock> DataLock::take(const std::string& folder) {
  const std::string file = folder + "/up.lock";
  UniqueFd fd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!fd) return fail_errno(errno, "cannot open {}", file);
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return fail_errno(errno, "cannot lock {}", file);
    const Holder holder = read_holder(file);
    if (alive(holder.pid) || !lock_within(fd.get(), kDyingDaemonsSec)) {
      return fail(
          ErrorCode::conflict,
          "`am up` runs already on the data folder {}: process {}{}{}; stop it, or name another folder with "
          "--data",
          folder, holder.pid, holder.url.empty() ? "" : ", at ", holder.url);
    }
  }
  if (auto written = write_holder(fd.get(), ""); !written) return pass_on(written);
  return DataLock(std::move(fd));
}

Result<void> DataLock::describe(const std::string& url) { return write_holder(fd_.get(), url); }

}  // namespace am::up
