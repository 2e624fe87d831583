#include "manager/hypervisor_link.h"

#include <array>

#include "base/clock.h"
#include "base/random.h"

namespace am::manager {
namespace {

// "127.0.0.1:40112" -> "127.0.0.1", "[::1]:40112" -> "::1".
std::string host_of(const std::string& peer) {
  std::string host = peer.substr(0, peer.rfind(':'));
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return host;
}

}  // namespace

HypervisorLink::HypervisorLink(const asio::any_io_executor& executor,
                               std::shared_ptr<net::ByteChannel> channel, const LinkSettings& settings)
    : channel_(std::move(channel)),
      settings_(settings),
      decoder_(ipc::kHandshakeFrameLimit),
      deadline_(executor, [this] { give_up(); }),
      beat_timer_(executor) {}

void HypervisorLink::give_up() {
  close_reason_ = "it was silent for too long";
  close();
}

Awaitable<Result<ipc::Message>> HypervisorLink::read_message() {
  std::array<std::byte, 16 * 1024> piece;
  while (true) {
    auto message = decoder_.next();
    if (!message) co_return pass_on(message);
    if (*message) co_return **std::move(message);
    std::size_t size = 0;
    std::string broken;
    try {
      size = co_await channel_->read_some(piece);
    } catch (const boost::system::system_error& error) {
      broken = error.code().message();
    }
    if (!close_reason_.empty()) co_return fail(ErrorCode::unavailable, "{}", close_reason_);
    if (!broken.empty()) co_return fail(ErrorCode::unavailable, "the connection broke: {}", broken);
    if (size == 0) co_return fail(ErrorCode::unavailable, "the hypervisor closed the connection");
    decoder_.feed(std::string_view(reinterpret_cast<const char*>(piece.data()), size));
  }
}

Awaitable<Result<ipc::Message>> HypervisorLink::receive() {
  deadline_.set(settings_.silence_limit);
  auto message = co_await read_message();
  deadline_.clear();
  co_return message;
}

std::optional<ipc::Reject> HypervisorLink::objection(const ipc::Hello& hello,
                                                     const std::string& nonce) const {
  if (hello.protocol_version != ipc::kProtocolVersion) {
    return ipc::Reject{
        "version",
        fmt::format("the manager {} speaks protocol version {}, the hypervisor {} version {}", AM_VERSION,
                    ipc::kProtocolVersion, hello.product_version, hello.protocol_version)};
  }
  if (!equal_in_constant_time(hello.proof, keyed_hash(settings_.secret, "hypervisor:" + nonce))) {
    return ipc::Reject{"bad_secret", "the hypervisor's secret is not this manager's"};
  }
  if (hello.hypervisor_id.empty() || hello.hypervisor_id.size() > 128 || hello.http_port == 0) {
    return ipc::Reject{"bad_hello",
                       fmt::format("hypervisor_id (1 to 128 bytes) or http_port (not 0) is missing: "
                                   "\"{}\", {}",
                                   hello.hypervisor_id, hello.http_port)};
  }
  return std::nullopt;
}

void HypervisorLink::take(const ipc::Hello& hello) {
  info_.id = hello.hypervisor_id;
  info_.name = hello.name;
  info_.version = hello.product_version;
  info_.capacity = hello.capacity;
  info_.venvs = hello.venvs;
  info_.http_host = hello.http_host.empty() ? host_of(channel_->peer()) : hello.http_host;
  info_.http_port = hello.http_port;
  info_.http_token = hello.http_token;
  info_.connected_ms = wall_clock_ms();
}

Awaitable<Result<ipc::Inventory>> HypervisorLink::shake_hands() {
  deadline_.set(settings_.handshake_limit);
  const std::string nonce = random_secret();
  ipc::Challenge challenge;
  challenge.product_version = AM_VERSION;
  challenge.nonce = nonce;
  send(challenge);

  auto first = co_await read_message();
  if (!first) co_return pass_on(first);
  const auto* hello = std::get_if<ipc::Hello>(&*first);
  if (hello == nullptr) {
    co_return fail(ErrorCode::invalid_argument, "the first message must be Hello, not {}",
                   ipc::name_of(*first));
  }
  if (const auto reject = objection(*hello, nonce)) {
    send(*reject);
    co_return fail(ErrorCode::forbidden, "{}", reject->message);
  }
  take(*hello);
  decoder_.set_frame_limit(ipc::kFrameLimit);

  ipc::Welcome welcome;
  welcome.manager_id = settings_.manager_id;
  welcome.heartbeat_ms = static_cast<std::uint32_t>(settings_.heartbeat.count());
  welcome.http_port = settings_.http_port;
  welcome.socket_token = settings_.socket_token;
  welcome.proof = keyed_hash(settings_.secret, "manager:" + hello->nonce);
  send(welcome);

  auto second = co_await read_message();
  deadline_.clear();
  if (!second) co_return pass_on(second);
  auto* inventory = std::get_if<ipc::Inventory>(&*second);
  if (inventory == nullptr) {
    co_return fail(ErrorCode::invalid_argument, "Welcome must be answered by Inventory, not {}",
                   ipc::name_of(*second));
  }
  co_return std::move(*inventory);
}

Awaitable<> HypervisorLink::beat() {
  while (send(ipc::Heartbeat{})) {
    beat_timer_.expires_after(settings_.heartbeat);
    const auto [error] = co_await beat_timer_.async_wait(kNoThrow);
    if (error) co_return;
  }
}

bool HypervisorLink::send(const ipc::Message& message) {
  if (channel_->post(ipc::encode(message))) return true;
  if (!channel_->closed()) {
    close_reason_ = fmt::format("it does not read: {} bytes wait to be sent", channel_->outbox_bytes());
  }
  close();
  return false;
}

void HypervisorLink::close() {
  deadline_.clear();
  beat_timer_.cancel();
  channel_->close();
}

}  // namespace am::manager
