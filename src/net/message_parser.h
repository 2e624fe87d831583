// Beast's incremental HTTP parser, filling the layer's own values. Only for the .cc files of net/.
#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/optional.hpp>

#include <string>
#include <string_view>

#include "net/http.h"

namespace am::net {

namespace beast = boost::beast;
namespace http = boost::beast::http;

template <bool kIsRequest>
class MessageParser final : public http::basic_parser<kIsRequest> {
 public:
  // Both outlive the parser; a null `body` drops the body's bytes.
  MessageParser(Headers& headers, std::string* body) : headers_(headers), body_(body) {
    this->body_limit(boost::none);
  }
  void drop_body() { body_ = nullptr; }

  std::string method;
  std::string target;
  unsigned status = 0;
  int version = 11;  // 10 or 11, of a request

 private:
  using Text = beast::string_view;
  using Code = beast::error_code;

  static std::string_view view(Text text) { return {text.data(), text.size()}; }
  std::size_t take(Text bytes) {
    if (body_ != nullptr) body_->append(bytes.data(), bytes.size());
    return bytes.size();
  }

  void on_request_impl(http::verb, Text method_text, Text target_text, int http_version, Code&) override {
    method = view(method_text);
    target = view(target_text);
    version = http_version;
  }
  void on_response_impl(int code, Text, int, Code&) override { status = static_cast<unsigned>(code); }
  void on_field_impl(http::field, Text name, Text value, Code&) override {
    // Fields behind a chunked body (trailers) are dropped: nothing here may depend on them.
    if (!this->is_header_done()) headers_.add(std::string(view(name)), std::string(view(value)));
  }
  void on_header_impl(Code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, Code&) override {}
  std::size_t on_body_impl(Text bytes, Code&) override { return take(bytes); }
  void on_chunk_header_impl(std::uint64_t, Text, Code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, Text bytes, Code&) override { return take(bytes); }
  void on_finish_impl(Code&) override {}

  Headers& headers_;
  std::string* body_;
};

}  // namespace am::net
