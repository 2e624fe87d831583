// The programs that a build runs: their output in the build's log, their failure as a sentence.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace am::image {

// Where a build's programs write, and what they keep open.
struct BuildLog {
  int fd = -1;       // of the log file, opened for appending
  int lock_fd = -1;  // the children keep the build's lock, so a killed build ends with its last child
  std::string path;
};

struct Command {
  std::vector<std::string> argv;                        // argv[0]: absolute path of the program
  std::optional<std::vector<std::string>> environment;  // nothing: this process's own
};

// The absolute path of a program on PATH or in one of the system's folders; empty where there is none.
std::string find_program(const std::string& name);

// Runs it with stdout and stderr in the log. The error has the program's complaint and names the log.
Result<void> run_logged(const Command& command, const BuildLog& log);

// Runs it with stderr in the log; what it printed to stdout.
Result<std::string> output_of(const Command& command, const BuildLog& log);

// Why the last program of a log failed: its first line that begins with "E:" or "ERROR:", else its last line.
std::string complaint_of(std::string_view log);

}  // namespace am::image
