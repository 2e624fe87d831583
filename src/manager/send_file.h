// A file as the body of an answer.
#pragma once

#include <cstdint>

#include "base/unique_fd.h"
#include "loop/blocking_pool.h"
#include "net/http.h"

namespace am::manager {

// Sends `size` bytes of `file` from its start. A small file goes out in one piece with its length; a large
// one is read and sent piece by piece, as fast as the client takes them.
Awaitable<> send_file(net::Responder& responder, BlockingPool& pool, const UniqueFd& file, std::uint64_t size,
                      net::Headers headers);

}  // namespace am::manager
