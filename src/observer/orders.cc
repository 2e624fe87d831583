#include "observer/orders.h"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

#include "base/files.h"

namespace am::observer {
namespace {

using Word = WaitingInterpreter::Word;

// A launcher that does not answer must not keep a task, or its stop.
constexpr int kForkPatienceMs = 2000;

Result<void> take(ipc::Message& message, Order& order) {
  if (auto* const command = std::get_if<ipc::RunCommand>(&message)) {
    order.command = std::move(*command);
    order.prepares = false;
  } else if (auto* const slot = std::get_if<ipc::PrepareSlot>(&message)) {
    order.command = std::move(slot->command);
    order.container_folder = std::move(slot->container_folder);
    order.prepares = true;
  } else if (auto* const preload = std::get_if<ipc::Preload>(&message);
             preload != nullptr && order.prepares) {
    order.preload = std::move(preload->modules);
  } else {
    return fail(ErrorCode::invalid_argument, "expected a RunCommand, not a {}", ipc::name_of(message));
  }
  return {};
}

// What is known of an interpreter and its task.
struct Progress {
  bool waits = false;
  bool comes = false;      // the task
  bool cancelled = false;  // it will not
};

Result<void> hear_hypervisor(int control, Order& order, Watch& watch, Progress& progress) {
  const auto received = receive_order(control, order);
  if (!received) return pass_on(received);
  progress.cancelled = !*received;
  progress.comes = *received && !order.prepares;
  if (!*received || progress.comes) return {};
  return watch.waiting().preload(order.preload);
}

Result<void> hear_interpreter(int control, Watch& watch, Progress& progress) {
  const Word word = watch.waiting().hear();
  if (word == Word::nothing) return {};
  if (word == Word::ended) {
    if (!progress.comes) {
      return fail(ErrorCode::unavailable,
                  "the interpreter has ended before there was a task; see output.log");
    }
    watch.abandon();  // the task gets a fresh one
    progress.waits = true;
    return {};
  }
  const auto ready = watch.note_waiting();
  if (!ready) return pass_on(ready);
  progress.waits = *ready;
  return progress.comes || !*ready ? Result<void>() : write_all(control, ipc::encode(ipc::SlotReady{}));
}

}  // namespace

Result<bool> receive_order(int control, Order& order) {
  for (;;) {
    auto message = order.decoder.next();
    if (!message) return pass_on(message);
    if (*message) {
      auto taken = take(**message, order);
      if (!taken) return pass_on(taken);
      return true;
    }
    char buffer[8192];
    const ssize_t size = ::recv(control, buffer, sizeof buffer, 0);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return fail_errno(errno, "cannot read the order");
    if (size == 0) return false;
    order.decoder.feed(std::string_view(buffer, static_cast<std::size_t>(size)));
  }
}

Result<bool> wait_for_task(int control, int launcher, Order& order, Watch& watch) {
  auto done = watch.prepare(launcher, order.container_folder);
  Progress progress;
  while (done && !progress.cancelled && !(progress.comes && progress.waits)) {
    // Once the task comes, the rest of the hypervisor's words is for later. Some may have come already.
    const bool heard = !progress.comes && order.decoder.buffered_bytes() > 0;
    pollfd events[] = {{progress.comes ? -1 : control, POLLIN, 0}, {watch.waiting().socket(), POLLIN, 0}};
    const int patience = heard ? 0 : progress.comes ? kForkPatienceMs : -1;
    const int happened = ::poll(events, 2, patience);
    if (happened < 0 && errno != EINTR) done = fail_errno(errno, "cannot wait for a task");
    if (happened == 0 && progress.comes) {
      watch.abandon();  // the task gets a fresh one
      return true;
    }
    if (done && (heard || events[0].revents != 0)) done = hear_hypervisor(control, order, watch, progress);
    if (done && events[1].revents != 0) done = hear_interpreter(control, watch, progress);
  }
  if (done && progress.comes) return true;
  watch.abandon();
  if (!done) return pass_on(done);
  return false;
}

}  // namespace am::observer
