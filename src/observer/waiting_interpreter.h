// An interpreter that was started before its task and waits for the script to run
// (python/ompy/appmanager/_waiting.py).
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/error.h"
#include "base/unique_fd.h"
#include "ipc/messages.h"

namespace am::observer {

class WaitingInterpreter {
 public:
  static constexpr int kOrderDescriptor = 3;  // in the interpreter, until it has its order

  static Result<WaitingInterpreter> create();

  // Readable when the interpreter waits, and when it has ended.
  [[nodiscard]] int socket() const { return ours_.get(); }
  // The interpreter's end, for its start; then closed here.
  [[nodiscard]] int their_end() const { return theirs_.get(); }
  void started() { theirs_.reset(); }
  // Has it forked from the one at the other end of this socket, with these streams.
  Result<void> fork_from(int launcher, int standard_output, int standard_error);

  enum class Word { nothing, waits, ended };
  Word hear();
  // Once it waits: its number here, and in its own pid namespace.
  [[nodiscard]] pid_t process() const { return process_; }
  [[nodiscard]] pid_t process_inside() const { return process_inside_; }

  // Gives it the script, environment and folder of the command.
  Result<void> run(const ipc::RunCommand& command);
  // Lets a forked one have its own copies of the memory that a script writes, once it is in the task's
  // control group, which they count for; it says again that it waits then.
  Result<void> take_pages();
  // Lets it import modules meanwhile; it says again that it waits then.
  Result<void> preload(const std::vector<std::string>& modules);

 private:
  WaitingInterpreter(UniqueFd ours, UniqueFd theirs) : ours_(std::move(ours)), theirs_(std::move(theirs)) {}

  UniqueFd ours_;
  UniqueFd theirs_;
  pid_t process_ = 0;
  pid_t process_inside_ = 0;
};

}  // namespace am::observer
