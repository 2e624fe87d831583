#include "container/init.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/files.h"
#include "container/child_watch.h"
#include "container/container.h"
#include "container/root.h"
#include "ipc/codec.h"

namespace am::container {
namespace {

Result<ipc::ContainerSpec> receive_spec(int control) {
  ipc::FrameDecoder decoder;
  for (;;) {
    char buffer[8192];
    const ssize_t size = ::recv(control, buffer, sizeof buffer, 0);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return fail_errno(errno, "cannot read what container to make");
    if (size == 0) return fail(ErrorCode::unavailable, "nobody says what container to make");
    decoder.feed(std::string_view(buffer, static_cast<std::size_t>(size)));
    auto message = decoder.next();
    if (!message) return pass_on(message);
    if (!*message) continue;
    auto* const spec = std::get_if<ipc::ContainerSpec>(&**message);
    if (spec == nullptr)
      return fail(ErrorCode::invalid_argument, "expected a ContainerSpec, not a {}", ipc::name_of(**message));
    return std::move(*spec);
  }
}

// That it can be connected to says that this process lives, and which one it is. Who has connected may ask
// after this process's children.
Result<UniqueFd> listen_alive() {
  UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, kAliveSocket, sizeof address.sun_path - 1);
  if (!socket || ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(socket.get(), SOMAXCONN) != 0) {
    return fail_errno(errno, "cannot listen on {}", kAliveSocket);
  }
  return socket;
}

Result<void> raise_loopback() {
  const UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request{};
  std::strncpy(request.ifr_name, "lo", IFNAMSIZ - 1);
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  if (!socket || ::ioctl(socket.get(), SIOCSIFFLAGS, &request) != 0)
    return fail_errno(errno, "cannot raise the loopback interface");
  return {};
}

// Any port is free to use inside; this concerns the container's own network only.
Result<void> open_low_ports() {
  const UniqueFd first(::open("/proc/sys/net/ipv4/ip_unprivileged_port_start", O_WRONLY | O_CLOEXEC));
  if (!first) return fail_errno(errno, "cannot open the low ports to tasks");
  return write_all(first.get(), "0");
}

// It keeps the user but none of its powers: reaping needs none.
Result<void> drop_capabilities() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct none[2] = {};
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || ::syscall(SYS_capset, &header, none) != 0)
    return fail_errno(errno, "cannot give up rights");
  return {};
}

Result<std::string> make_container(const ipc::ContainerSpec& spec, UniqueFd& alive) {
  ::umask(0022);
  if (::chdir(spec.folder.c_str()) != 0) return fail_errno(errno, "cannot enter {}", spec.folder);
  auto listening = listen_alive();
  if (!listening) return pass_on(listening);
  alive = std::move(*listening);
  if (::sethostname(spec.host_name.data(), spec.host_name.size()) != 0)
    return fail_errno(errno, "cannot set the host name {}", spec.host_name);
  if (auto raised = raise_loopback(); !raised) return pass_on(raised);
  if (auto opened = open_low_ports(); !opened) return pass_on(opened);
  auto note = enter_root(spec);
  if (!note) return note;
  if (auto dropped = drop_capabilities(); !dropped) return pass_on(dropped);
  return note;
}

void close_standard_streams() {
  const UniqueFd null_device(::open("/dev/null", O_RDWR | O_CLOEXEC));
  for (const int number : {0, 1, 2}) ::dup2(null_device.get(), number);
}

}  // namespace

Result<void> run_init(UniqueFd control) {
  const auto spec = receive_spec(control.get());
  if (!spec) return pass_on(spec);
  UniqueFd alive;
  const auto note = make_container(*spec, alive);
  ipc::ContainerReady ready;
  if (note) {
    ready.note = *note;
  } else {
    ready.failure = note.error().message;
  }
  const std::string answer = ipc::encode(ready);
  if (::send(control.get(), answer.data(), answer.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(answer.size()))
    return fail_errno(errno, "cannot say how it went");
  control.reset();
  if (!note) return pass_on(note);
  ::prctl(PR_SET_NAME, "am-container");
  close_standard_streams();
  return ChildWatch(std::move(alive)).run();
}

}  // namespace am::container
