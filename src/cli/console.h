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
  Awaitable<Result<void>> end(OutputEnd end, std::string_view line) override;
  void connection_lost(const Error& cause) override;

  // How the task ended, once end() was called.
  [[nodiscard]] const std::optional<OutputEnd>& ended() const { return ended_; }

  // Somebody closed the other end of stdout or stderr.
  [[nodiscard]] bool reader_gone() const { return reader_gone_; }

 private:
  Awaitable<Result<void>> write(FdWriter& to, std::string text);

  const Cli& cli_;
  const Client& client_;
  FdWriter out_;
  FdWriter err_;
  std::optional<OutputEnd> ended_;
  bool reader_gone_ = false;
};

// "am: " before every line: what the system says stands apart from what the task says.
std::string prefixed(std::string_view text);

}  // namespace am::cli
