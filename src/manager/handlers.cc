#include "manager/handlers.h"

#include <spdlog/spdlog.h>

#include "manager/http_errors.h"

namespace am::manager {

Awaitable<> respond(net::Responder& responder, Result<net::Response> answer) {
  if (!answer && answer.error().code == ErrorCode::internal) spdlog::error("{}", answer.error().message);
  net::Response response;
  if (answer) {
    response = std::move(*answer);
  } else {
    response = error_response(answer.error());
  }
  co_await responder.respond(std::move(response));
}

std::string attachment(std::string_view file_name) {
  std::string plain;  // for clients that know only the old form
  for (const char c : file_name) {
    const bool safe = c >= 0x20 && c < 0x7f && c != '"' && c != '\\' && c != '%';
    plain += safe ? c : '_';
  }
  return fmt::format("attachment; filename=\"{}\"; filename*=UTF-8''{}", plain,
                     net::percent_encode(file_name));
}

net::Handler answering(Answer answer) {
  return [answer = std::move(answer)](net::Request& request, net::Responder& responder) {
    return respond(responder, answer(request));
  };
}

namespace {

Awaitable<> wait_and_respond(const LaterAnswer& answer, net::Request& request, net::Responder& responder) {
  auto response = co_await answer(request);
  co_await respond(responder, std::move(response));
}

}  // namespace

net::Handler answering_later(LaterAnswer answer) {
  return [answer = std::move(answer)](net::Request& request, net::Responder& responder) {
    return wait_and_respond(answer, request, responder);
  };
}

}  // namespace am::manager
