#include "bridge/relay.h"

#include "loop/both_of.h"

namespace am::bridge {

Awaitable<bool> pump(StreamPtr from, StreamPtr to) {
  // Not cleared first: memory that no piece needs is never touched.
  const auto buffer = std::make_unique_for_overwrite<char[]>(kPieceBytes);
  for (;;) {
    const auto piece = co_await from->read({buffer.get(), kPieceBytes});
    if (!piece) co_return true;
    const bool written = co_await to->write(piece->kind, {buffer.get(), piece->size});
    if (!written) co_return false;
  }
}

namespace {

Awaitable<> pump_and_close(StreamPtr from, StreamPtr to) {
  const bool over = co_await pump(from, to);
  if (over) {
    co_await to->close(from->close_reason());
  } else {
    co_await from->close(to->close_reason());
  }
}

}  // namespace

Awaitable<> relay(StreamPtr a, StreamPtr b) { co_await both_of(pump_and_close(a, b), pump_and_close(b, a)); }

}  // namespace am::bridge
