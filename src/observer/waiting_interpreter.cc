#include "observer/waiting_interpreter.h"

#include <sys/socket.h>

#include <cerrno>
#include <string>

#include "base/files.h"

namespace am::observer {

Result<WaitingInterpreter> WaitingInterpreter::create() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return fail_errno(errno, "cannot make the interpreter's socket");
  return WaitingInterpreter(UniqueFd(ends[0]), UniqueFd(ends[1]));
}

WaitingInterpreter::Word WaitingInterpreter::hear() {
  char byte = 0;
  const ssize_t size = ::recv(ours_.get(), &byte, 1, MSG_DONTWAIT);
  if (size == 1) return Word::waits;
  return size < 0 && (errno == EAGAIN || errno == EINTR) ? Word::nothing : Word::ended;
}

Result<void> WaitingInterpreter::run(const ipc::RunCommand& command) {
  std::string fields = command.working_directory;
  for (const std::string& argument : command.argv) fields += '\0' + argument;
  for (const std::string& entry : command.environment) fields += '\0' + entry;
  const auto size = static_cast<std::uint32_t>(fields.size());
  std::string order;
  for (int shift = 24; shift >= 0; shift -= 8) order += static_cast<char>(size >> shift);
  order += fields;
  return write_all(ours_.get(), order);
}

}  // namespace am::observer
