#include "hypervisor/text_answers.h"

#include "net/http_status.h"

namespace am::hypervisor {

net::Response refusal(unsigned status, const Error& error) {
  net::Response response;
  response.status = status;
  response.headers.set("Content-Type", "text/plain; charset=utf-8");
  response.body = error.message + "\n";
  return response;
}

net::Response refusal(const Error& error) { return refusal(net::http_status(error.code), error); }

}  // namespace am::hypervisor
