#include "net/http_client.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>

#include "net/deadline.h"
#include "net/response_head.h"
#include "net/response_reader.h"
#include "net/tcp_socket.h"

namespace am::net {

namespace {

// How long open() waits for the head of an answer.
constexpr auto kHeadDeadline = std::chrono::seconds(60);

struct Connection {
  explicit Connection(asio::ip::tcp::socket connected) : socket(std::move(connected)), reader(socket) {}
  asio::ip::tcp::socket socket;
  ResponseReader reader;
  bool used = false;  // a request went over it before the current one
};

// A request that a server may get twice without doing anything twice.
bool is_idempotent(std::string_view method) { return method != "POST" && method != "PATCH"; }

}  // namespace

class HttpClient::Impl {
 public:
  Impl(asio::any_io_executor executor, std::string host, std::uint16_t port, std::chrono::seconds deadline)
      : where_(host_and_port(host, port)),
        host_(std::move(host)),
        port_(port),
        connect_deadline_(deadline),
        deadline_(executor, [this] { abort(); }) {}

  Awaitable<Result<Response>> fetch(std::string method, std::string target, Headers headers, std::string body,
                                    std::uint64_t body_limit, std::chrono::seconds deadline) {
    auto answer =
        co_await begin(std::move(method), std::move(target), std::move(headers), std::move(body), deadline);
    if (!answer) co_return pass_on(answer);
    while (!connection_->reader.done()) {
      const auto error = co_await connection_->reader.read_some(answer->body);
      if (error) {
        auto failed = broken(error, deadline);
        co_return failed;
      }
      if (answer->body.size() > body_limit) {
        close();
        co_return fail(ErrorCode::too_large, "the answer of {} is over {} bytes", where_, body_limit);
      }
    }
    deadline_.clear();
    co_return answer;
  }

  Awaitable<Result<Response>> open(std::string method, std::string target, Headers headers,
                                   std::string body) {
    auto answer = co_await begin(std::move(method), std::move(target), std::move(headers), std::move(body),
                                 kHeadDeadline);
    deadline_.clear();
    co_return answer;
  }

  Awaitable<Result<std::string>> read_some() {
    std::string piece;
    if (!connection_) co_return fail(ErrorCode::unavailable, "connection to {} is closed", where_);
    const auto connection = connection_;
    const auto error = co_await connection->reader.read_some(piece);
    if (error) {
      auto failed = broken(error, {});
      co_return failed;
    }
    co_return piece;
  }

  void close() {
    abort();
    connection_.reset();
    deadline_.clear();
  }

  // Whether the kept connection can take a request: its last answer was read, and the server did not close
  // it.
  [[nodiscard]] bool reusable() const {
    if (!connection_ || !connection_->socket.is_open() || !connection_->reader.keep_alive()) return false;
    char byte = 0;
    const auto size = ::recv(connection_->socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return size < 0 && errno == EAGAIN;
  }

 private:
  // Ends what is pending; the coroutine that waits for it holds the connection.
  void abort() {
    if (!connection_) return;
    boost::system::error_code ignored;  // the descriptor is gone either way
    connection_->socket.close(ignored);
  }

  std::unexpected<Error> broken(const boost::system::error_code& error, std::chrono::seconds deadline) {
    const bool late = deadline_.expired();
    close();
    if (late) return fail(ErrorCode::unavailable, "{} gave no answer within {} s", where_, deadline.count());
    return fail(ErrorCode::unavailable, "connection to {} broke: {}", where_,
                error == asio::error::eof ? "the server closed it" : error.message());
  }

  std::string request_head(std::string_view method, std::string_view target, const Headers& headers,
                           std::size_t body_bytes) const {
    if (std::ranges::any_of(target,
                            [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7f'; })) {
      throw std::invalid_argument(fmt::format("request target \"{}\" is not percent-encoded", target));
    }
    std::string text;
    text.reserve(256);
    text.append(method).append(" ").append(target).append(" HTTP/1.1\r\n");
    if (!headers.find("Host")) append_header(text, "Host", where_);
    for (const auto& [name, value] : headers.all()) append_header(text, name, value);
    if (body_bytes > 0 || method == "POST" || method == "PUT" || method == "PATCH") {
      append_header(text, "Content-Length", std::to_string(body_bytes));
    }
    text += "\r\n";
    return text;
  }

  // Sends the request and reads the head of its answer, on the kept connection or a new one.
  Awaitable<Result<Response>> begin(std::string method, std::string target, Headers headers, std::string body,
                                    std::chrono::seconds deadline) {
    const std::string head = request_head(method, target, headers, body.size());
    if (!reusable()) close();
    for (;;) {
      if (!connection_) {
        auto socket = co_await connect_socket(host_, port_, connect_deadline_);
        if (!socket) co_return pass_on(socket);
        connection_ = std::make_shared<Connection>(std::move(*socket));
      }
      const auto connection = connection_;
      deadline_.set(deadline);
      Response answer;
      const auto error = co_await exchange(*connection, head, body, answer, method == "HEAD");
      if (!error) {
        connection->used = true;
        co_return answer;
      }
      // A server may close a kept connection at the moment it is used again.
      const bool again = connection->used && !connection->reader.any() && !deadline_.expired() &&
                         connection_ == connection && is_idempotent(method);
      if (!again) {
        auto failed = broken(error, deadline);
        co_return failed;
      }
      close();
    }
  }

  static Awaitable<boost::system::error_code> exchange(Connection& connection, const std::string& head,
                                                       const std::string& body, Response& answer,
                                                       bool to_head) {
    connection.reader.begin();
    const std::array<asio::const_buffer, 2> parts{asio::buffer(head), asio::buffer(body)};
    const auto [unsent, size] = co_await asio::async_write(connection.socket, parts, kNoThrow);
    // A server that refuses a body answers before it has all of it, so an answer may be there all the same.
    const auto error = co_await connection.reader.read_head(answer, to_head);
    if (error && unsent) co_return unsent;
    co_return error;
  }

  const std::string where_;
  const std::string host_;
  const std::uint16_t port_;
  const std::chrono::seconds connect_deadline_;
  std::shared_ptr<Connection> connection_;
  Deadline deadline_;
};

HttpClient::HttpClient(asio::any_io_executor executor, std::string host, std::uint16_t port,
                       std::chrono::seconds connect_deadline)
    : impl_(std::make_unique<Impl>(std::move(executor), std::move(host), port, connect_deadline)) {}

HttpClient::~HttpClient() { impl_->close(); }

Awaitable<Result<Response>> HttpClient::fetch(std::string method, std::string target, Headers headers,
                                              std::string body, std::uint64_t body_limit,
                                              std::chrono::seconds deadline) {
  return impl_->fetch(std::move(method), std::move(target), std::move(headers), std::move(body), body_limit,
                      deadline);
}

Awaitable<Result<Response>> HttpClient::open(std::string method, std::string target, Headers headers,
                                             std::string body) {
  return impl_->open(std::move(method), std::move(target), std::move(headers), std::move(body));
}

Awaitable<Result<std::string>> HttpClient::read_some() { return impl_->read_some(); }

bool HttpClient::reusable() const { return impl_->reusable(); }

void HttpClient::close() { impl_->close(); }

}  // namespace am::net
