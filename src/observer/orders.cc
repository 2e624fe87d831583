#include "observer/orders.h"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

#include "base/files.h"

namespace am::observer {
namespace {

using Word = WaitingInterpreter::Word;

Result<void> take(ipc::Message& message, Order& order) {
  if (auto* const command = std::get_if<ipc::RunCommand>(&message)) {
    order.command = std::move(*command);
    order.prepares = false;
  } else if (auto* const slot = std::get_if<ipc::PrepareSlot>(&message)) {
    order.command = std::move(slot->command);
    order.prepares = true;
  } else if (auto* const preload = std::get_if<ipc::Preload>(&message);
             preload != nullptr && order.prepares) {
    order.preload = std::move(preload->modules);
  } else {
    return fail(ErrorCode::invalid_argument, "expected a RunCommand, not a {}", ipc::name_of(message));
  }
  return {};
}

// One look at both sides. True: a task has come; false: go on; nothing: it will not come.
Result<std::optional<bool>> turn(int control, Order& order, Watch& watch) {
  pollfd events[] = {{control, POLLIN, 0}, {watch.waiting().socket(), POLLIN, 0}};
  if (::poll(events, 2, -1) < 0 && errno != EINTR) return fail_errno(errno, "cannot wait for a task");
  if (events[0].revents != 0) {
    const auto received = receive_order(control, order);
    if (!received) return pass_on(received);
    if (!*received) return std::nullopt;
    if (!order.prepares) return true;
    if (auto told = watch.waiting().preload(order.preload); !told) return pass_on(told);
  }
  const Word word = events[1].revents != 0 ? watch.waiting().hear() : Word::nothing;
  if (word == Word::ended)
    return fail(ErrorCode::unavailable, "the interpreter has ended before there was a task; see output.log");
  if (word == Word::waits) {
    watch.note_waiting();
    if (auto said = write_all(control, ipc::encode(ipc::SlotReady{})); !said) return pass_on(said);
  }
  return false;
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

Result<bool> wait_for_task(int control, Order& order, Watch& watch) {
  auto prepared = watch.prepare();
  while (prepared) {
    const auto result = turn(control, order, watch);
    if (result && *result == false) continue;
    if (result && *result == true) return true;
    watch.abandon();
    if (!result) return pass_on(result);
    return false;
  }
  return pass_on(prepared);
}

}  // namespace am::observer
