#include "hypervisor/task_host.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/files.h"
#include "hypervisor/started_process.h"
#include "hypervisor/syscall_filter.h"
#include "hypervisor/task_folder.h"
#include "hypervisor/task_users.h"
#include "loop/first_of.h"
#include "process/network_namespace.h"

namespace am::hypervisor {
namespace {

constexpr int kJoined = process::kContainerNamespaces;

// Tasks may write the folder in which it lies, and know the pids of their children: what is there already is
// taken only when it is a folder, no link, of root's or of that very user.
Result<void> make_own_folder(const std::string& path, uid_t user, unsigned mode) {
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return fail_errno(errno, "cannot make {}", path);
  const UniqueFd folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat status{};
  if (!folder || ::fstat(folder.get(), &status) != 0) return fail_errno(errno, "cannot open {}", path);
  if (status.st_uid != 0 && status.st_uid != user)
    return fail(ErrorCode::forbidden, "{} is there already and belongs to somebody else", path);
  if (::fchown(folder.get(), user, user) != 0 || ::fchmod(folder.get(), mode) != 0)
    return fail_errno(errno, "cannot give {} to the task", path);
  return {};
}

Result<void> give(const std::string& path, uid_t user, unsigned mode) {
  if (::chown(path.c_str(), user, user) != 0 || ::chmod(path.c_str(), mode) != 0)
    return fail_errno(errno, "cannot give {} to the task", path);
  return {};
}

}  // namespace

TaskHost::TaskHost(asio::any_io_executor executor, Settings settings, TaskContainer container,
                   std::string filter)
    : executor_(std::move(executor)),
      settings_(std::move(settings)),
      container_(std::move(container)),
      filter_(std::move(filter)) {}

Result<std::unique_ptr<TaskHost>> TaskHost::open(asio::any_io_executor executor, Settings settings) {
  auto filter = make_syscall_filter();
  if (!filter) return pass_on(filter);
  const Places& places = settings.container.places;
  // Each task makes nothing but files of its own there; what an environment holds is all tasks' own.
  if (auto given = give(places.workdirs, 0, 01777); !given) return pass_on(given);
  if (auto given = give(places.venvs, kTaskUser, 0755); !given) return pass_on(given);
  auto container = TaskContainer::open(settings.container);
  if (!container) return pass_on(container);
  std::unique_ptr<TaskHost> host(
      new TaskHost(std::move(executor), std::move(settings), std::move(*container), std::move(*filter)));
  // Tasks that need no network run all the same; watch() tries again.
  if (auto opened = host->open_network(); !opened) host->network_problem_ = opened.error().message;
  return host;
}

Result<void> TaskHost::open_network() {
  network_.reset();
  if (!settings_.container.outgoing) return {};
  network_ = std::make_unique<OutgoingNetwork>(executor_, container_.folder(), container_.process(),
                                               settings_.network_log);
  return network_->start();
}

std::string TaskHost::description() const {
  const image::ImageInfo& image = settings_.container.image;
  std::string text = fmt::format(
      "tasks run in a container of their own: Python {} of {}, {} by default, {}", image.python_version,
      image.dir, to_string(settings_.isolation),
      settings_.container.outgoing ? "with connections to the network outside" : "no network outside");
  if (container_.taken_back()) text += "; the container of an earlier hypervisor goes on";
  if (!container_.note().empty()) text += "; " + container_.note();
  if (!network_problem_.empty()) text += "; tasks cannot reach the network outside: " + network_problem_;
  if (!process::can_be_apart())
    text +=
        "; this kernel has no Landlock, so tasks in shared isolation can look into each other's processes";
  return text;
}

bool TaskHost::isolates(const ipc::TaskSpec& task) const {
  const TaskIsolation wanted =
      task.isolation == TaskIsolation::by_default ? settings_.isolation : task.isolation;
  return wanted == TaskIsolation::isolated;
}

uid_t TaskHost::user_of(const ipc::TaskSpec& task) const {
  return isolates(task) ? own_user_of(task.pid) : kTaskUser;
}

// An isolated task's container has its folder as a mount, which can be taken from this machine's disk only.
const std::string& TaskHost::own_folders_of(const ipc::TaskSpec& task) const {
  return isolates(task) ? settings_.container.places.own : own_folders();
}

Result<void> TaskHost::prepare(const ipc::TaskSpec& task) const {
  const std::string workdir = settings_.container.places.workdirs + "/" + task.pid;
  return make_own_folder(workdir, user_of(task), isolates(task) ? 0700 : 0755);
}

Result<void> TaskHost::prepare_slot(const std::string& slot) const {
  return make_own_folder(settings_.container.places.workdirs + "/" + slot, kTaskUser, 0755);
}

void TaskHost::confine(const ipc::TaskSpec& task, ipc::RunCommand& command) const {
  if (!isolates(task)) return confine_slot(command);
  command.user = user_of(task);
  command.seccomp_filter = filter_;
  command.container_program = settings_.container.program;
  command.own_container = own_container_of(task, settings_.container, command.user);
}

void TaskHost::confine_slot(ipc::RunCommand& command) const {
  command.user = kTaskUser;
  command.seccomp_filter = filter_;
}

process::Confinement TaskHost::confinement() const {
  process::Confinement confinement;
  confinement.join_process = container_.process();
  confinement.join_flags = kJoined;
  confinement.user = kTaskUser;
  confinement.apart = true;
  confinement.seccomp_filter = filter_;
  return confinement;
}

Result<UniqueFd> TaskHost::make_domain() const { return process::make_domain_in(container_.process()); }

Result<UniqueFd> TaskHost::listen_inside(std::uint16_t port) const {
  return process::listen_in_network_of(container_.process(), port);
}

Awaitable<> TaskHost::watch() {
  if (!network_) co_return co_await end_of(container_.process());
  co_await first_of(end_of(container_.process()), network_->watch());
}

Result<void> TaskHost::reopen() {
  auto made = TaskContainer::open(settings_.container);
  if (!made) return pass_on(made);
  network_.reset();
  container_ = std::move(*made);
  auto opened = open_network();
  network_problem_ = opened ? "" : opened.error().message;
  return {};
}

}  // namespace am::hypervisor
