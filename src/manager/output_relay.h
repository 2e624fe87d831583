// GET /tasks/{pid}/output and /output/raw: what hypervisors keep, passed on to clients as it comes.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "loop/task_group.h"
#include "manager/output_reader.h"
#include "net/router.h"

namespace am::manager {

// The query of an output request; invalid_argument names the field and its value.
struct OutputQuery {
  std::uint64_t from = 0;
  bool follow = false;
  bool tree = false;
  bool status = false;  // with lines that tell what the tasks say of their progress; with tree and follow
};
class OutputRelay {
 public:
  explicit OutputRelay(const OutputSources& sources);

  // One JSON record a line; after the end of the task {"end":{"state","outcome"}}. Query: from, follow, tree,
  // status.
  Awaitable<> output(net::Request& request, net::Responder& responder);
  // The bytes as the task wrote them so far. Query: stream (stdout, stderr; absent: both in order).
  Awaitable<> raw(net::Request& request, net::Responder& responder);

  // Ends what still reads for clients that are gone; after the server's stop().
  Awaitable<> stop();

 private:
  struct RawSource {
    std::string target;
    std::optional<HypervisorAddress> hypervisor;
  };
  [[nodiscard]] Result<RawSource> find_raw(const net::Request& request) const;
  static Result<void> check_raw(const Result<net::Response>& head, const RawSource& source);
  Awaitable<Result<bool>> read_all(std::string pid, OutputReader::Options options, OutputQuery query,
                                   LineSink sink);

  OutputSources sources_;
  TaskGroup readers_;
};

// invalid_argument names the field and its value.
Result<OutputQuery> parse_output_query(const std::map<std::string, std::string>& query);

}  // namespace am::manager
