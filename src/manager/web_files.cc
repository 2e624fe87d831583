#include "manager/web_files.h"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <boost/algorithm/string/predicate.hpp>
#include <boost/algorithm/string/trim.hpp>
#include <filesystem>
#include <utility>

#include "base/files.h"
#include "manager/file_tree.h"

namespace am::manager {
namespace {

namespace fs = std::filesystem;
using namespace std::string_view_literals;

constexpr std::array kContentTypes = {
    std::pair{".html"sv, "text/html; charset=utf-8"sv},
    std::pair{".js"sv, "text/javascript; charset=utf-8"sv},
    std::pair{".mjs"sv, "text/javascript; charset=utf-8"sv},
    std::pair{".css"sv, "text/css; charset=utf-8"sv},
    std::pair{".json"sv, "application/json"sv},
    std::pair{".map"sv, "application/json"sv},
    std::pair{".webmanifest"sv, "application/manifest+json"sv},
    std::pair{".txt"sv, "text/plain; charset=utf-8"sv},
    std::pair{".svg"sv, "image/svg+xml"sv},
    std::pair{".png"sv, "image/png"sv},
    std::pair{".jpg"sv, "image/jpeg"sv},
    std::pair{".webp"sv, "image/webp"sv},
    std::pair{".ico"sv, "image/x-icon"sv},
    std::pair{".woff"sv, "font/woff"sv},
    std::pair{".woff2"sv, "font/woff2"sv},
    std::pair{".ttf"sv, "font/ttf"sv},
    std::pair{".wasm"sv, "application/wasm"sv},
};

struct Form {
  std::string_view coding;
  std::string_view suffix;
};
// The best first; the file itself comes last.
constexpr std::array kForms = {Form{"br", ".br"}, Form{"gzip", ".gz"}, Form{"", ""}};

Result<WebFile> open_form(int folder, const std::string& path, const Form& form) {
  auto fd = open_beneath(folder, path + std::string(form.suffix), O_RDONLY | O_NONBLOCK);
  if (!fd) return pass_on(fd);
  const auto info = file_info(fd->get(), path);
  if (!info) return pass_on(info);
  if (info->folder) return fail(ErrorCode::not_found, "\"{}\" is a folder", path);
  return WebFile{.fd = *std::move(fd),
                 .size = info->size,
                 .etag = info->etag(),
                 .content_type = std::string(content_type_of(path)),
                 .encoding = std::string(form.coding)};
}

// Calls visit(item) for each item between the commas, trimmed.
template <typename Visit>
void for_each_item(std::string_view list, Visit visit) {
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    visit(boost::algorithm::trim_copy(std::string(list.substr(0, comma))));
    if (comma == std::string_view::npos) return;
    list.remove_prefix(comma + 1);
  }
}

// "br;q=0" -> false; "br", "br;q=0.5" -> true.
bool has_weight(std::string_view parameters) {
  const std::size_t at = parameters.find("q=");
  if (at == std::string_view::npos) return true;
  return parameters.substr(at + 2).find_first_of("123456789") != std::string_view::npos;
}

}  // namespace

bool WebFiles::built() const { return !folder_.empty() && open("index.html", "").has_value(); }

Result<WebFile> WebFiles::open(const std::string& path, std::string_view accept_encoding) const {
  const auto nothing = [&] { return fail(ErrorCode::not_found, "nothing at /{}", path); };
  if (!check_relative_path("path", path)) return nothing();
  const auto folder = open_folder(folder_);
  if (!folder) return nothing();
  for (const Form& form : kForms) {
    if (!form.coding.empty() && !accepts_encoding(accept_encoding, form.coding)) continue;
    auto file = open_form(folder->get(), path, form);
    if (file || file.error().code == ErrorCode::internal) return file;
  }
  return nothing();
}

std::string installed_web_folder() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (error) return {};
  const fs::path prefix = program.parent_path().parent_path();
  for (const fs::path& folder : {prefix / "web", prefix / "share/application-manager/web"}) {
    if (WebFiles(folder.string()).built()) return folder.string();
  }
  return {};
}

std::string_view content_type_of(std::string_view path) {
  for (const auto& [suffix, type] : kContentTypes) {
    if (path.ends_with(suffix)) return type;
  }
  return "application/octet-stream";
}

bool accepts_encoding(std::string_view accept_encoding, std::string_view coding) {
  bool named = false;
  bool accepted = false;
  bool others = false;
  for_each_item(accept_encoding, [&](const std::string& item) {
    const std::size_t semicolon = std::min(item.find(';'), item.size());
    const std::string name = boost::algorithm::trim_copy(item.substr(0, semicolon));
    const bool wanted = has_weight(std::string_view(item).substr(semicolon));
    if (boost::algorithm::iequals(name, coding)) {
      named = true;
      accepted = wanted;
    } else if (name == "*") {
      others = wanted;
    }
  });
  return named ? accepted : others;
}

bool names_tag(std::string_view if_none_match, std::string_view etag) {
  bool found = false;
  for_each_item(if_none_match, [&](std::string item) {
    if (item.starts_with("W/")) item.erase(0, 2);
    found = found || item == "*" || item == etag;
  });
  return found;
}

}  // namespace am::manager
