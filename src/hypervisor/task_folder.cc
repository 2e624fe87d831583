#include "hypervisor/task_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "base/files.h"
#include "base/random.h"
#include "hypervisor/task_records.h"

namespace am::hypervisor {
namespace {

constexpr std::size_t kOwnNameLength = 24;  // 142 bits

std::string beside(const std::string& file) { return file + ".new"; }

Result<void> write_beside(const std::string& file, std::string_view content, unsigned mode) {
  const UniqueFd fresh(::open(beside(file).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, mode));
  struct stat status{};
  if (!fresh || ::fstat(fresh.get(), &status) != 0) return fail_errno(errno, "cannot make {}", beside(file));
  // Of an empty file, too, ext4 writes to the disk when it is closed after that.
  if (status.st_size > 0 && ::ftruncate(fresh.get(), 0) != 0)
    return fail_errno(errno, "cannot empty {}", beside(file));
  return write_all(fresh.get(), content);
}

// In one step, and fast where the file beside it is there already: to make one takes longer than all the
// rest.
Result<void> replace(const std::string& file, std::string_view content, unsigned mode) {
  if (auto written = write_beside(file, content, mode); !written) return written;
  if (::rename(beside(file).c_str(), file.c_str()) != 0) return fail_errno(errno, "cannot replace {}", file);
  return {};
}

}  // namespace

TaskFolder::TaskFolder(const std::string& tasks_root, const std::string& pid)
    : path_(tasks_root + "/" + pid) {}

Result<void> TaskFolder::make(const std::string& own_folders) const {
  if (auto made = make_folders(path_, 0750); !made) return made;
  if (has("own")) return {};
  ::unlink(own_folder().c_str());  // into a container that has ended
  const std::string target = own_folders + "/" + random_letters(kOwnNameLength);
  if (auto made = make_folders(target, 0755); !made) return made;
  if (::symlink(target.c_str(), own_folder().c_str()) != 0)
    return fail_errno(errno, "cannot make {}", own_folder());
  auto prepared = write_beside(task_file(), "", 0644);
  if (prepared) prepared = write_beside(spec_file(), "", 0640);
  return prepared;
}

std::string TaskFolder::own_name() const {
  std::error_code none;
  return std::filesystem::read_symlink(own_folder(), none).filename().string();
}

void TaskFolder::remove_own() const {
  std::error_code none;
  const auto own = std::filesystem::read_symlink(own_folder(), none);
  if (!none) std::filesystem::remove_all(path_ / own, none);  // the link may be relative to the folder
}

Result<void> TaskFolder::create(const ipc::TaskSpec& spec, const std::string& task_params) const {
  auto done = replace(task_file(), task_params, 0644);
  // Last: a folder without a spec was never promised to anybody.
  if (done) done = replace(spec_file(), spec_to_json(spec), 0640);
  return done;
}

bool TaskFolder::made() const { return has("."); }

Result<void> TaskFolder::take_over(const std::string& slot_folder) const {
  if (::rename(slot_folder.c_str(), path_.c_str()) != 0)
    return fail_errno(errno, "cannot move {} to {}", slot_folder, path_);
  return {};
}

std::string TaskFolder::group() const {
  const std::size_t name = path_.rfind('/') + 1;
  return read_file(path_ + "/" + kGroupFile).value_or(path_.substr(name));
}

bool TaskFolder::has(const char* name) const { return ::access((path_ + "/" + name).c_str(), F_OK) == 0; }

bool TaskFolder::exists() const { return has("spec.json"); }

Result<ipc::TaskSpec> TaskFolder::read_spec() const {
  const auto content = read_file(spec_file());
  if (!content) return pass_on(content);
  return spec_from_json(*content);
}

Result<std::optional<ipc::TaskEnd>> TaskFolder::read_end() const {
  const auto content = read_file(path_ + "/exit.json");
  if (!content && content.error().code == ErrorCode::not_found) return std::nullopt;
  if (!content) return pass_on(content);
  const auto end = end_from_json(*content);
  if (!end) return pass_on(end);
  return *end;
}

Result<void> TaskFolder::write_end(const ipc::TaskEnd& end) const {
  return write_file_atomically(path_ + "/exit.json", end_to_json(end), 0640);
}

bool TaskFolder::started() const { return has("started"); }

bool TaskFolder::observed() const {
  const UniqueFd lock(::open((path_ + "/lock").c_str(), O_RDWR | O_CLOEXEC));
  if (!lock) return false;
  return ::flock(lock.get(), LOCK_EX | LOCK_NB) != 0;
}

bool TaskFolder::acknowledged() const { return has("acknowledged"); }

Result<void> TaskFolder::acknowledge() const {
  const UniqueFd marker(::open((path_ + "/acknowledged").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0640));
  if (!marker) return fail_errno(errno, "cannot mark {} as acknowledged", path_);
  return {};
}

Result<std::vector<std::string>> task_folders(const std::string& tasks_root) {
  std::vector<std::string> pids;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(tasks_root, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (is_uuid(name)) pids.push_back(name);
  }
  if (error) return fail_errno(error.value(), "cannot list {}", tasks_root);
  return pids;
}

}  // namespace am::hypervisor
