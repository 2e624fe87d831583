// Reads a task's output stream to its end, through lost connections and restarts of the manager.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "cli/client.h"
#include "cli/line_reader.h"
#include "cli/output_record.h"

namespace am::cli {

// Who takes the lines. An error ends the reading with that error.
class OutputSink {
 public:
  virtual ~OutputSink() = default;
  // `line` is the record's JSON as it came, without the newline; valid during the call.
  virtual Awaitable<Result<void>> record(OutputRecord record, std::string_view line) = 0;
  virtual Awaitable<Result<void>> status(OutputStatus status, std::string_view line) = 0;
  virtual Awaitable<Result<void>> end(OutputEnd end, std::string_view line) = 0;
  // The connection is lost and is being tried again; once for each loss.
  virtual void connection_lost(const Error& cause) = 0;
};

struct FollowOptions {
  bool follow = true;  // wait for more until the task is over
  bool tree = false;   // with the output of its descendants, and what tasks say of their progress
  std::chrono::seconds patience{60};  // without a manager, then it gives up
};

class OutputFollower {
 public:
  OutputFollower(Client& client, std::string pid, FollowOptions options, OutputSink& sink);

  // Returns after the last line. `unavailable` when no manager answered for `patience`, or the server's
  // error.
  Awaitable<Result<void>> run();

 private:
  enum class Progress { complete, interrupted };
  Awaitable<Result<Progress>> read_once();
  Awaitable<Result<Progress>> take_lines(LineReader& lines);

  Client& client_;
  std::string pid_;
  FollowOptions options_;
  OutputSink& sink_;
  OutputPosition position_;
  Error lost_;              // why the last connection ended early
  bool opened_ = false;     // the last attempt reached the output
  bool got_bytes_ = false;  // and read some of it
};

}  // namespace am::cli
