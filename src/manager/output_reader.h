// Reads one task's output records from its hypervisor, from an offset to the end, whatever restarts in
// between.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "loop/backoff.h"
#include "manager/hypervisor_clients.h"
#include "manager/line_cutter.h"
#include "manager/task_service.h"

namespace am::manager {

// What readers of output work with.
struct OutputSources {
  asio::any_io_executor executor;
  TaskService& tasks;
  Hypervisors& hypervisors;
  HypervisorClients& clients;
};

// Takes whole lines; its return is the back-pressure: nothing more is read from the hypervisor before.
using LineSink = std::function<Awaitable<>(std::string_view lines)>;

class OutputReader {
 public:
  struct Options {
    std::uint64_t from = 0;
    bool follow = false;   // wait for what is still to come
    bool may_fail = true;  // false: the answer has begun, so a hypervisor that is away is waited for
  };
  OutputReader(const OutputSources& sources, std::string pid, const Options& options);

  // Gives the records to `sink`, each once and in order, and after the last the record of an end that was no
  // plain exit. True when the task is closed and all was given; false when `follow` is off and the task is
  // open. An error only while nothing was given: unknown pid, or unavailable, which names the hypervisor.
  Awaitable<Result<bool>> run(LineSink sink);

 private:
  // How one connection to the hypervisor ended.
  enum class Pass {
    complete,  // the hypervisor sent all that there is
    broken,    // go on from where it broke
    missing,   // it does not know the task
    refused,   // it will not change its mind
  };
  // One decision of run(): an end, or once more.
  using Step = Result<std::optional<bool>>;

  Awaitable<Step> step(const LineSink& sink);
  // `follow` only for an open task: of a closed one everything is there, and nothing is waited for.
  Awaitable<Pass> read(const HypervisorAddress& hypervisor, bool follow, const LineSink& sink);
  Awaitable<Pass> pump(HypervisorClients::Client& client, const LineSink& sink);
  Awaitable<Step> after(Pass pass, OpenTaskPtr open, HypervisorAddress hypervisor);
  // Until the task changes, or for as long as the back-off says.
  Awaitable<> pause(OpenTaskPtr open);
  [[nodiscard]] bool has_everything(const storage::TaskRow& row) const;

  OutputSources sources_;
  std::string pid_;
  bool follow_;
  bool may_fail_;
  bool seen_the_end_ = false;  // a pass was complete
  LineCutter lines_;
  Backoff backoff_{std::chrono::milliseconds(50), std::chrono::seconds(2)};
  Error refusal_;
};

}  // namespace am::manager
