// A task's output on the terminal: stdout to stdout, stderr and the system's words to stderr.
#pragma once

#include "cli/command.h"
#include "cli/fd_writer.h"
#include "cli/output_follower.h"

namespace am::cli {

class Console : public OutputSink {
 public:
  Console(const Cli& cli, Client& client);

  Awaitable<Result<void>> record(OutputRecord record, std::string_view line) override;
  // One line that is drawn again and again on a terminal; elsewhere a line for each new text.
  Awaitable<Result<void>> status(OutputStatus status, std::string_view line) override;
  Awaitable<Result<void>> end(OutputEnd end, std::string_view line) override;
  void connection_lost(const Error& cause) override;

  // How the task ended, once end() was called.
  [[nodiscard]] const std::optional<OutputEnd>& ended() const { return ended_; }

  // Somebody closed the other end of stdout or stderr.
  [[nodiscard]] bool reader_gone() const { return reader_gone_; }

 private:
  Awaitable<Result<void>> write(FdWriter& to, std::string text);
  Awaitable<Result<void>> hide_status();

  const Cli& cli_;
  const Client& client_;
  FdWriter out_;
  FdWriter err_;
  std::optional<OutputEnd> ended_;
  bool reader_gone_ = false;
  bool status_shown_ = false;  // the terminal's line is the status
  std::string last_status_text_;
};

// "am: " before every line: what the system says stands apart from what the task says.
std::string prefixed(std::string_view text);
// "[ 25%] loading": without what would move the cursor.
std::string status_words(const OutputStatus& status);

}  // namespace am::cli
