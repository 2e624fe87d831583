// WS /api/v1/events: what changes, told to browsers as it happens.
#pragma once

#include <deque>
#include <list>
#include <memory>
#include <string>

#include "loop/event.h"
#include "manager/json.h"
#include "net/router.h"

namespace am::manager {

class Events {
 public:
  explicit Events(asio::any_io_executor executor) : executor_(std::move(executor)) {}

  // Whether anybody listens: nobody else needs the text.
  [[nodiscard]] bool wanted() const { return !listeners_.empty(); }
  // {"type":"task",…} to everybody.
  void publish(const json::object& event);

  // Serves one WebSocket until it ends.
  Awaitable<> serve(net::Request& request, net::Responder& responder);

 private:
  // One that does not read this many is sent away: it connects again and asks for the state.
  static constexpr std::size_t kUnsentLimit = 10'000;
  struct Listener {
    explicit Listener(const asio::any_io_executor& executor) : changed(executor) {}
    std::deque<std::shared_ptr<const std::string>> unsent;
    bool overrun = false;
    Event changed;
  };
  class Presence;

  static Awaitable<> send(std::shared_ptr<Listener> listener, std::shared_ptr<net::WebSocket> socket);

  asio::any_io_executor executor_;
  std::list<std::shared_ptr<Listener>> listeners_;
};

void add_event_routes(net::Router& router, Events& events);

}  // namespace am::manager
