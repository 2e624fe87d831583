#include "container/devices.h"

#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "container/mounts.h"

namespace am::container {
namespace {

struct Device {
  const char* path;
  unsigned number;  // of the memory devices (major 1), see the kernel's devices.txt
};
constexpr Device kDevices[] = {
    {"/dev/null", 3}, {"/dev/zero", 5}, {"/dev/full", 7}, {"/dev/random", 8}, {"/dev/urandom", 9}};
constexpr unsigned kMemoryMajor = 1;
constexpr unsigned kTerminalMajor = 5;

struct Link {
  const char* path;
  const char* target;
};
constexpr Link kLinks[] = {{"/dev/fd", "/proc/self/fd"},
                           {"/dev/stdin", "/proc/self/fd/0"},
                           {"/dev/stdout", "/proc/self/fd/1"},
                           {"/dev/stderr", "/proc/self/fd/2"},
                           {"/dev/ptmx", "pts/ptmx"}};

Result<void> make_device(const char* path, dev_t device) {
  if (::mknod(path, S_IFCHR | 0666, device) != 0 || ::chmod(path, 0666) != 0)
    return fail_errno(errno, "cannot make {}", path);
  return {};
}

}  // namespace

Result<void> mount_devices() {
  constexpr unsigned long kInert = MS_NOSUID | MS_NODEV | MS_NOEXEC;
  auto done = mount_new("tmpfs", "/dev", MS_NOSUID | MS_NOEXEC, "mode=0755,size=64k");
  for (const Device& device : kDevices) {
    if (done) done = make_device(device.path, makedev(kMemoryMajor, device.number));
  }
  if (done) done = make_device("/dev/tty", makedev(kTerminalMajor, 0));
  for (const Link& link : kLinks) {
    if (done && ::symlink(link.target, link.path) != 0) done = fail_errno(errno, "cannot make {}", link.path);
  }
  if (done)
    done = mount_new("devpts", "/dev/pts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620");
  // Shared memory of tasks counts against their own memory limits; the bound is for what they leave behind.
  if (done) done = mount_new("tmpfs", "/dev/shm", MS_NOSUID | MS_NODEV, "mode=1777,size=25%");
  if (done) done = mount_new("mqueue", "/dev/mqueue", kInert);
  return done;
}

}  // namespace am::container
