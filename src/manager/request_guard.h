// What every request must pass before its handler: a host and an origin of ours, and who asks.
#pragma once

#include <string>
#include <vector>

#include "manager/auth.h"
#include "net/router.h"

namespace am::manager {

// `host` is the Host header. Addresses, localhost and this machine's own names are ours, beside `allowed`;
// any other name may be a trick (DNS rebinding). `forbidden` names the host.
Result<void> check_host(std::string_view host, const std::vector<std::string>& allowed);

// An Origin must be of the same host and port as the request. `forbidden` names the origin.
Result<void> check_origin(std::string_view origin, std::string_view host);

// "localhost:8080" of "http://LocalHost:8080"; the scheme's own port is left out. Empty for what is no web
// origin.
std::string authority_of(std::string_view origin);

class RequestGuard {
 public:
  // `allowed_hosts`: names under which the manager is reached, beside the machine's own.
  RequestGuard(Auth& auth, std::vector<std::string> allowed_hosts)
      : auth_(auth), allowed_hosts_(std::move(allowed_hosts)) {}

  // Sets the request's principal (an Identity) on routes that need a token.
  Result<void> operator()(const net::Route& route, net::Request& request);

 private:
  Auth& auth_;
  std::vector<std::string> allowed_hosts_;
};

}  // namespace am::manager
