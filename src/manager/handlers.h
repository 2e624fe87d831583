// From functions that give a Result to the handlers that the router keeps.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "net/router.h"

namespace am::manager {

using Answer = std::function<Result<net::Response>(net::Request&)>;
using LaterAnswer = std::function<Awaitable<Result<net::Response>>(net::Request&)>;

// The response, or the error as {"error":{...}} with its status. Internal errors are also logged: they are
// faults that the one who asked cannot mend.
Awaitable<> respond(net::Responder& responder, Result<net::Response> answer);

// The value of Content-Disposition that makes a browser save the body under that name, whatever is in it
// (RFC 6266).
std::string attachment(std::string_view file_name);

net::Handler answering(Answer answer);
net::Handler answering_later(LaterAnswer answer);

}  // namespace am::manager
