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
  std::vector<std::string> fields = {"run", command.working_directory};
  fields.insert(fields.end(), command.argv.begin(), command.argv.end());
  fields.insert(fields.end(), command.environment.begin(), command.environment.end());
  return send(fields);
}

Result<void> WaitingInterpreter::preload(const std::vector<std::string>& modules) {
  std::vector<std::string> fields = {"preload"};
  fields.insert(fields.end(), modules.begin(), modules.end());
  return send(fields);
}

// A u32 length, big-endian, then the fields with a zero byte between them.
Result<void> WaitingInterpreter::send(const std::vector<std::string>& fields) {
  std::string content;
  for (const std::string& field : fields) {
    if (!content.empty()) content += '\0';
    content += field;
  }
  std::string order;
  for (int shift = 24; shift >= 0; shift -= 8) order += static_cast<char>(content.size() >> shift);
  return write_all(ours_.get(), order + content);
}

}  // namespace am::observer
