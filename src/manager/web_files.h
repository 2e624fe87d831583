// The files of the web IDE as they were built, and which form of one a browser gets.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/unique_fd.h"

namespace am::manager {

// One form of a file: as it is, or compressed at build time.
struct WebFile {
  UniqueFd fd;
  std::uint64_t size = 0;  // bytes of this form
  std::string etag;        // strong; each form has its own
  std::string content_type;
  std::string encoding;  // "br", "gzip", or empty for the file itself
};

// The folder is opened anew for every file, so that an upgrade may replace it under a running manager.
class WebFiles {
 public:
  explicit WebFiles(std::string folder) : folder_(std::move(folder)) {}

  [[nodiscard]] const std::string& folder() const { return folder_; }
  // Whether there is an index.html.
  [[nodiscard]] bool built() const;
  // `path` is relative to the folder and never leaves it; `accept_encoding` is the header. not_found.
  // Blocking.
  [[nodiscard]] Result<WebFile> open(const std::string& path, std::string_view accept_encoding) const;

 private:
  std::string folder_;
};

// Where this program's installation has the IDE: <prefix>/web beside <prefix>/bin in a build tree,
// <prefix>/share/application-manager/web when installed. Empty where there is none.
std::string installed_web_folder();

// "text/javascript; charset=utf-8" by the suffix; application/octet-stream for an unknown one.
std::string_view content_type_of(std::string_view path);

// Whether an Accept-Encoding header takes that coding: named, or covered by "*", and not with q=0.
bool accepts_encoding(std::string_view accept_encoding, std::string_view coding);

// Whether an If-None-Match header names the tag. Weak tags count: proxies weaken what they compress.
bool names_tag(std::string_view if_none_match, std::string_view etag);

}  // namespace am::manager
