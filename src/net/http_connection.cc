#include "net/http_connection.h"

#include <exception>

#include "net/ascii.h"
#include "net/request_target.h"
#include "net/tcp_socket.h"

namespace am::net {

namespace {

constexpr auto kLingerDeadline = std::chrono::seconds(2);
constexpr std::size_t kLingerBytes = 1024 * 1024;

Refusal no_route(const Router::Match& match, const Request& request) {
  if (match.status == 405) {
    return {405, ErrorCode::invalid_argument,
            fmt::format("method {} is not allowed for {}; allowed: {}", request.method, request.path,
                        match.allowed)};
  }
  if (match.status == 400) {
    return {400, ErrorCode::invalid_argument, fmt::format("path {}: broken percent-encoding", request.path)};
  }
  return {404, ErrorCode::not_found, fmt::format("nothing at {}", request.path)};
}

Refusal body_too_large(std::uint64_t length, std::uint64_t limit) {
  return {413, ErrorCode::too_large,
          fmt::format("request body: {} bytes, at most {} are accepted here", length, limit)};
}

Refusal unknown_expectation(std::string_view value) {
  return {417, ErrorCode::invalid_argument, fmt::format("Expect: \"{}\" is not supported", value)};
}

// The client hears no detail of a fault.
Error internal_error() { return {ErrorCode::internal, "internal error; the server's log says more"}; }

[[noreturn]] void throw_aborted() { throw boost::system::system_error(asio::error::operation_aborted); }

}  // namespace

HttpConnection::HttpConnection(asio::ip::tcp::socket socket, std::shared_ptr<const ServerContext> server)
    : socket_(std::move(socket)),
      server_(std::move(server)),
      peer_(peer_name(socket_.native_handle())),
      deadline_(socket_.get_executor(),
                [this] {
                  boost::system::error_code ignored;  // nothing pending is no error
                  socket_.cancel(ignored);
                }),
      reader_(socket_, deadline_, server_->options.limits),
      writer_(socket_) {
  writer_.on_upgrade([this] {
    end_watch();
    std::string early(reader_.buffer().view());
    return UpgradedSocket(std::move(socket_), std::move(early));
  });
}

Awaitable<> HttpConnection::run() {
  const auto self = shared_from_this();
  try {
    co_await serve();
  } catch (const boost::system::system_error&) {
    // The client has gone or the server stops: this is the end that the protocol has for it.
  } catch (const std::exception& error) {
    if (server_->options.on_fault)
      server_->options.on_fault(fmt::format("connection of {}: {}", peer_, error.what()));
  }
  end_watch();
  boost::system::error_code ignored;  // the descriptor is gone either way
  socket_.close(ignored);
}

Awaitable<> HttpConnection::serve() {
  for (;;) {
    Request request;
    request.peer = peer_;
    auto head = co_await reader_.read_head(request);
    bool again = false;
    if (!head) {
      writer_.begin(false, false, false);
      again = co_await refuse(std::move(head.error()), {});
    } else if (*head) {
      again = co_await exchange(request);
    } else {
      co_return;
    }
    if (!again) break;
  }
  co_await linger();
}

Awaitable<bool> HttpConnection::exchange(Request& request) {
  writer_.begin(request.method == "HEAD", reader_.http_1_0(), reader_.keep_alive());
  auto target = parse_target(request.target);
  if (!target) {
    Refusal refusal(400, target.error());
    const auto again = co_await refuse(std::move(refusal), {});
    co_return again;
  }
  request.path = std::move(target->path);
  request.query = std::move(target->query);

  auto match = server_->router.match(request.method, request.path);
  if (match.route == nullptr) {
    if (request.method == "OPTIONS" && (match.status == 405 || request.path == "*")) {
      const auto again = co_await answer_options(match.allowed);
      co_return again;
    }
    auto refusal = no_route(match, request);
    const auto again = co_await refuse(std::move(refusal), std::move(match.allowed));
    co_return again;
  }
  request.params = std::move(match.params);
  auto handled = co_await handle(*match.route, request);
  if (handled) co_return *handled;
  const auto again = co_await refuse(std::move(handled.error()), {});
  co_return again;
}

std::optional<Refusal> HttpConnection::ask_guard(const Route& route, Request& request) const {
  const auto& options = server_->options;
  if (!options.guard) return std::nullopt;
  try {
    const auto allowed = options.guard(route, request);
    if (allowed) return std::nullopt;
    return Refusal(options.status_of(allowed.error()), allowed.error());
  } catch (const std::exception& error) {
    report(request, error.what());
    return Refusal(500, internal_error());
  }
}

void HttpConnection::report(const Request& request, std::string_view fault) const {
  const auto& options = server_->options;
  if (options.on_fault) options.on_fault(fmt::format("{} {}: {}", request.method, request.path, fault));
}

Awaitable<std::expected<bool, Refusal>> HttpConnection::handle(const Route& route, Request& request) {
  // Before the body: nobody without a right makes the server hold one.
  auto refused = ask_guard(route, request);
  if (refused) co_return std::unexpected(std::move(*refused));
  if (reader_.body_pending()) {
    const auto length = reader_.content_length();
    if (length && *length > route.body_limit) {
      co_return std::unexpected(body_too_large(*length, route.body_limit));
    }
    if (const auto expect = request.headers.find("Expect")) {
      if (!equal_ignoring_case(*expect, "100-continue"))
        co_return std::unexpected(unknown_expectation(*expect));
      if (reader_.buffer().size() == 0 && !reader_.http_1_0()) co_await writer_.invite_body();
    }
    auto body = co_await reader_.read_body(route.body_limit);
    if (!body || !*body) {
      writer_.close_after();  // nobody knows where the next request would begin
      co_return body;
    }
  }
  co_await run_handler(route, request);
  co_return writer_.keep_alive();
}

Awaitable<> HttpConnection::run_handler(const Route& route, Request& request) {
  std::string fault;
  bool failed = false;
  begin_watch();
  try {
    co_await route.handler(request, writer_);
  } catch (const std::exception& error) {
    failed = true;
    fault = error.what();
  } catch (...) {
    failed = true;
    fault = "an exception that is no std::exception";
  }
  end_watch();
  const auto state = co_await asio::this_coro::cancellation_state;
  if (gone_ || writer_.broken() || state.cancelled() != asio::cancellation_type::none) throw_aborted();
  if (!failed && !writer_.started()) {
    failed = true;
    fault = "the handler returned without an answer";
  }
  if (!failed || writer_.complete()) {
    co_await writer_.finish();
    co_return;
  }
  report(request, fault);
  if (writer_.started()) {
    writer_.close_after();  // without the end of the body, so that the client sees that it is not whole
    co_return;
  }
  auto answer =
      server_->options.error_answer(500, {ErrorCode::internal, "internal error; the server's log says more"});
  co_await writer_.respond(std::move(answer));
}

Awaitable<bool> HttpConnection::refuse(Refusal refusal, std::string allowed) {
  auto answer = server_->options.error_answer(refusal.status, refusal.error);
  if (!allowed.empty()) answer.headers.set("Allow", std::move(allowed));
  if (writer_.keep_alive() && !reader_.skip_buffered_body()) writer_.close_after();
  co_await writer_.respond(std::move(answer));
  co_return writer_.keep_alive();
}

Awaitable<bool> HttpConnection::answer_options(std::string allowed) {
  Response answer;
  answer.status = 204;
  if (!allowed.empty()) answer.headers.set("Allow", std::move(allowed));
  if (!reader_.skip_buffered_body()) writer_.close_after();
  co_await writer_.respond(std::move(answer));
  co_return writer_.keep_alive();
}

Awaitable<> HttpConnection::linger() {
  boost::system::error_code error;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, error);
  if (error) co_return;
  // Closing with unread bytes would reset the connection and with it what the client has not read yet.
  std::array<char, 16 * 1024> dropped;
  std::size_t total = 0;
  deadline_.set(kLingerDeadline);
  while (total < kLingerBytes && !deadline_.expired()) {
    const auto [failed, size] = co_await socket_.async_read_some(asio::buffer(dropped), kNoThrow);
    if (failed) break;
    total += size;
  }
  deadline_.clear();
}

}  // namespace am::net
