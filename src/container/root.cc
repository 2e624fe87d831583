#include "container/root.h"

#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <vector>

#include "base/files.h"
#include "container/accounts.h"
#include "container/devices.h"
#include "container/mounts.h"

namespace am::container {
namespace {

// In spec.folder; relative, because overlayfs takes no comma or colon in its options.
constexpr const char* kImage = "image";
constexpr const char* kChanges = "changes";
constexpr const char* kWork = "work";
constexpr const char* kRoot = "root";
// Nothing of it is used again after the machine's next start, so nobody need wait for the disk.
constexpr const char* kOverlayOptions = "lowerdir=image,upperdir=changes,workdir=work,volatile";

constexpr unsigned long kInert = MS_NOSUID | MS_NODEV | MS_NOEXEC;

struct Taken {
  UniqueFd mount;  // nothing: a new folder in memory
  std::string place;
};

Result<void> give_to(const std::string& path, std::uint32_t user, unsigned mode) {
  if (::chown(path.c_str(), user, user) != 0 || ::chmod(path.c_str(), mode) != 0)
    return fail_errno(errno, "cannot give {} to the task user", path);
  return {};
}

// With the owner's files shown as the task user's where the filesystem can do that.
Result<UniqueFd> take_as_own(const std::string& source, bool writable, std::uint32_t user,
                             std::string& note) {
  struct stat status{};
  if (::stat(source.c_str(), &status) != 0) return fail_errno(errno, "cannot look at {}", source);
  const auto mapping = owner_shown_as(status.st_uid, user);
  if (!mapping) return pass_on(mapping);
  auto taken = take_folder(source, {.writable = writable, .shown_by = mapping->get()});
  if (taken || writable) return taken;
  note += fmt::format(
      "{}the filesystem of {} cannot show files under another owner, so tasks use what everybody may "
      "read there and change nothing",
      note.empty() ? "" : "; ", source);
  return take_folder(source, {});
}

Result<std::vector<Taken>> take_folders(const ipc::ContainerSpec& spec, std::string& note) {
  std::vector<Taken> all;
  for (const ipc::ContainerFolder& folder : spec.folders) {
    if (folder.source.empty()) {
      all.push_back({UniqueFd(), folder.place});
      continue;
    }
    auto mount = folder.owned_by_task ? take_as_own(folder.source, folder.writable, spec.user, note)
                                      : take_folder(folder.source, {.writable = folder.writable});
    if (!mount) return pass_on(mount);
    all.push_back({std::move(*mount), folder.place});
  }
  return all;
}

Result<void> mount_image(const ipc::ContainerSpec& spec, std::string& note) {
  for (const char* folder : {kImage, kChanges, kWork, kRoot}) {
    if (auto made = make_folders(folder); !made) return made;
  }
  if (auto given = give_to(kChanges, spec.user, 0755); !given) return given;
  const auto image = take_as_own(spec.image, false, spec.user, note);
  if (!image) return pass_on(image);
  if (auto attached = attach(image->get(), kImage); !attached) return attached;
  if (::mount("overlay", kRoot, "overlay", MS_NOSUID | MS_NODEV, kOverlayOptions) != 0) {
    return fail_errno(errno, "cannot lay a writable layer over the image {} (overlay)", spec.image);
  }
  return {};
}

Result<void> change_root() {
  // The old root lands on the new one and is taken away from there, see pivot_root(2).
  if (::chdir(kRoot) != 0 || ::syscall(SYS_pivot_root, ".", ".") != 0 || ::umount2(".", MNT_DETACH) != 0 ||
      ::chdir("/") != 0) {
    return fail_errno(errno, "cannot make the image this container's root");
  }
  return {};
}

// What every root filesystem has, whatever the image holds.
Result<void> mount_system(std::uint32_t user) {
  auto done = mount_new("proc", "/proc", kInert);
  if (done) done = mount_new("sysfs", "/sys", kInert | MS_RDONLY);
  if (done) done = mount_devices();
  for (const char* folder : {"/tmp", "/var/tmp"}) {
    if (done) done = make_folders(folder);
    if (done) done = give_to(folder, user, 01777);
  }
  return done;
}

}  // namespace

Result<std::string> enter_root(const ipc::ContainerSpec& spec) {
  // The machine's /proc has other numbers than this process's own children.
  if (auto mounted = mount_new("proc", "/proc", kInert); !mounted) return pass_on(mounted);
  std::string note;
  // Taken before the change of root, attached after it: links of the image lead nowhere else then.
  const auto folders = take_folders(spec, note);
  if (!folders) return pass_on(folders);
  auto done = mount_image(spec, note);
  if (done) done = change_root();
  if (done) done = mount_system(spec.user);
  for (const Taken& folder : *folders) {
    if (!done) break;
    done = folder.mount ? attach(folder.mount.get(), folder.place)
                        : mount_new("tmpfs", folder.place, kInert, "mode=0711");
  }
  if (done) done = write_accounts(spec);
  if (!done) return pass_on(done);
  return note;
}

}  // namespace am::container
