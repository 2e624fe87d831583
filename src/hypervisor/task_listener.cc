#include "hypervisor/task_listener.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/files.h"
#include "hypervisor/task_surroundings.h"

namespace am::hypervisor {

Result<UniqueFd> listen_for_task(const std::string& own_folder) {
  const auto folder = open_folder(own_folder);
  if (!folder) return pass_on(folder);
  UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) return fail_errno(errno, "cannot make a socket");
  // One that an earlier hypervisor left behind; usually there is none.
  ::unlinkat(folder->get(), kTaskSocketName, 0);
  // Through the folder's descriptor: the full path may be longer than sun_path's 108 bytes.
  const std::string path = fmt::format("/proc/self/fd/{}/{}", folder->get(), kTaskSocketName);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(socket.get(), SOMAXCONN) != 0) {
    return fail_errno(errno, "cannot listen on {}/{}", own_folder, kTaskSocketName);
  }
  // The task's user is not ours; who else could get here is asked who he is.
  if (::chmod(path.c_str(), 0666) != 0)
    return fail_errno(errno, "cannot open {}/{} to the task", own_folder, kTaskSocketName);
  return socket;
}

}  // namespace am::hypervisor
