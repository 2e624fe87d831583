// How an Error reads over HTTP, and the headers that every answer of the API has.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "manager/json.h"
#include "net/http.h"

namespace am::manager {

// 404 for not_found, and so on; the whole table is in net/http_status.cc.
unsigned http_status(ErrorCode code);

// Content-Type, Cache-Control: no-store, X-Content-Type-Options: nosniff.
net::Headers api_headers(std::string content_type);

net::Response json_response(unsigned status, const json::value& body);
// {"error":{"code","message"}} with the code's status, or with one that the server already chose.
net::Response error_response(const Error& error);
net::Response error_response(unsigned status, const Error& error);

}  // namespace am::manager
