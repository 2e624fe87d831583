#include "container/accounts.h"

#include <unistd.h>

#include <cerrno>

#include "base/files.h"

namespace am::container {
namespace {

Result<void> own(const std::string& path, std::uint32_t user) {
  if (::lchown(path.c_str(), user, user) != 0)
    return fail_errno(errno, "cannot give {} to the task user", path);
  return {};
}

// Replaces whatever is there, a link of the image's included.
Result<void> write_owned(const std::string& path, const std::string& content, std::uint32_t user) {
  auto written = write_file_atomically(path, content, 0644);
  if (written) written = own(path, user);
  return written;
}

Result<void> append_line(const std::string& path, const std::string& line, std::uint32_t user) {
  std::string content = read_file(path).value_or("");
  if (!content.empty() && content.back() != '\n') content += '\n';
  return write_owned(path, content + line, user);
}

Result<void> set_time_zone(const std::string& zone, std::uint32_t user) {
  const std::string file = "/usr/share/zoneinfo/" + zone;
  if (zone.empty() || ::access(file.c_str(), R_OK) != 0) return {};  // the image's own, usually UTC
  ::unlink("/etc/localtime");
  if (::symlink(file.c_str(), "/etc/localtime") != 0)
    return fail_errno(errno, "cannot set the time zone {}", zone);
  return write_owned("/etc/timezone", zone + "\n", user);
}

}  // namespace

Result<void> write_accounts(const ipc::ContainerSpec& spec) {
  const std::uint32_t user = spec.user;
  auto done = make_folders("/etc");
  if (done) {
    done = append_line("/etc/passwd", fmt::format("task:x:{}:{}:Task:{}:/bin/sh\n", user, user, kHome), user);
  }
  if (done) done = append_line("/etc/group", fmt::format("task:x:{}:\n", user), user);
  if (done) {
    done = write_owned("/etc/hosts",
                       fmt::format("127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n"
                                   "127.0.1.1\t{}\n",
                                   spec.host_name),
                       user);
  }
  if (done) done = write_owned("/etc/hostname", spec.host_name + "\n", user);
  if (done) {
    done =
        write_owned("/etc/resolv.conf",
                    spec.name_server.empty() ? "" : fmt::format("nameserver {}\n", spec.name_server), user);
  }
  if (done) done = set_time_zone(spec.time_zone, user);
  if (done) done = make_folders(kHome, 0755);
  if (done) done = own(kHome, user);
  return done;
}

}  // namespace am::container
