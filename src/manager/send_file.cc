#include "manager/send_file.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "manager/handlers.h"

namespace am::manager {
namespace {

constexpr std::uint64_t kPiece = 256 * 1024;

// Up to `size` bytes at `offset`; fewer only at the end of the file.
Result<std::string> read_piece(int file, std::uint64_t offset, std::uint64_t size) {
  std::string piece(size, '\0');
  std::size_t filled = 0;
  while (filled < piece.size()) {
    const ssize_t count =
        ::pread(file, piece.data() + filled, piece.size() - filled, static_cast<off_t>(offset + filled));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_errno(errno, "cannot read the file");
    if (count == 0) break;
    filled += static_cast<std::size_t>(count);
  }
  piece.resize(filled);
  return piece;
}

}  // namespace

Awaitable<> send_file(net::Responder& responder, BlockingPool& pool, const UniqueFd& file, std::uint64_t size,
                      net::Headers headers) {
  std::uint64_t offset = 0;
  while (offset < size || !responder.started()) {
    const std::uint64_t wanted = std::min(size - offset, kPiece);
    auto piece = co_await pool.run([&] { return read_piece(file.get(), offset, wanted); });
    if (!piece && !responder.started()) {
      co_await respond(responder, pass_on(piece));
      co_return;
    }
    // Too late for an error status: the fault cuts the answer off, which the client notices.
    if (!piece) throw std::runtime_error(piece.error().message);
    if (size <= kPiece) {
      net::Response response{.status = 200, .headers = std::move(headers), .body = *std::move(piece)};
      co_await responder.respond(std::move(response));
      co_return;
    }
    if (!responder.started()) {
      headers.set("Content-Length", std::to_string(size));
      co_await responder.start(200, std::move(headers));
    }
    if (piece->empty()) co_return;  // the file shrank; the client sees that the body is short
    co_await responder.write(*piece);
    offset += piece->size();
  }
}

}  // namespace am::manager
