#include "manager/events.h"

#include "loop/first_of.h"
#include "net/web_socket.h"

namespace am::manager {
namespace {

// Browsers have nothing to say here; reading answers pings and sees the close.
Awaitable<> read_to_end(std::shared_ptr<net::WebSocket> socket) {
  std::array<char, 1024> ignored;
  for (;;) {
    const auto piece = co_await socket->read(ignored);
    if (!piece) co_return;
  }
}

}  // namespace

class Events::Presence {
 public:
  Presence(Events& events, std::shared_ptr<Listener> listener)
      : events_(events), place_(events.listeners_.insert(events.listeners_.end(), std::move(listener))) {}
  ~Presence() { events_.listeners_.erase(place_); }
  Presence(const Presence&) = delete;
  Presence& operator=(const Presence&) = delete;

 private:
  Events& events_;
  std::list<std::shared_ptr<Listener>>::iterator place_;
};

void Events::publish(const json::object& event) {
  if (!wanted()) return;
  const auto text = std::make_shared<const std::string>(json::serialize(event));
  for (const auto& listener : listeners_) {
    if (listener->overrun) continue;
    if (listener->unsent.size() >= kUnsentLimit) {
      listener->overrun = true;
      listener->unsent.clear();
    } else {
      listener->unsent.push_back(text);
    }
    listener->changed.notify_all();
  }
}

Awaitable<> Events::send(std::shared_ptr<Listener> listener, std::shared_ptr<net::WebSocket> socket) {
  for (;;) {
    const std::uint64_t seen = listener->changed.version();
    if (listener->overrun) {
      net::CloseReason reason{net::close_code::try_again_later, "too many events were not read"};
      co_return co_await socket->close(std::move(reason));
    }
    if (listener->unsent.empty()) {
      co_await listener->changed.changed_since(seen);
      continue;
    }
    const auto text = listener->unsent.front();
    listener->unsent.pop_front();
    net::PieceKind kind{.text = true, .last = true};
    const bool sent = co_await socket->write(kind, *text);
    if (!sent) co_return;
  }
}

Awaitable<> Events::serve(net::Request& request, net::Responder& responder) {
  // Before the client hears that it is connected and asks for the state: nothing falls between the two.
  const auto listener = std::make_shared<Listener>(executor_);
  const Presence presence(*this, listener);
  const auto socket = co_await responder.upgrade(request);
  if (!socket) co_return;
  static_cast<void>(co_await first_of(read_to_end(socket), send(listener, socket)));
}

void add_event_routes(net::Router& router, Events& events) {
  router.add({.method = "GET",
              .pattern = "/api/v1/events",
              .handler = [&events](net::Request& request, net::Responder& responder) {
                return events.serve(request, responder);
              }});
}

}  // namespace am::manager
