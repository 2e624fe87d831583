#include "image/mirrors.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace am::image {
namespace {

// The next field of a line, up to `|`.
std::string_view take_field(std::string_view& line) {
  const std::size_t end = line.find('|');
  std::string_view field = line.substr(0, end);
  line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
  // apt leaves the name of a value that it does not know, as the codename before the first update.
  if (field.starts_with("$(")) field = {};
  return field;
}

// These two are updated in themselves.
bool has_no_updates(std::string_view suite) { return suite == "sid" || suite == "unstable"; }

}  // namespace

Result<Mirrors> parse_index_targets(std::string_view text, std::string_view codename) {
  Mirrors mirrors;
  const std::string security = std::string(codename) + "-security";
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const std::string_view uri = take_field(line);
    const std::string_view known_codename = take_field(line);
    const std::string_view release = take_field(line);
    const std::string_view name = known_codename.empty() ? release : known_codename;
    if (uri.empty() || take_field(line) != "main") continue;
    // The first wins, as apt prefers what its configuration names first.
    if (name == codename && mirrors.main.empty()) mirrors.main = uri;
    if (name == security && mirrors.security.empty()) mirrors.security = uri;
  }
  if (mirrors.main.empty()) {
    return fail(ErrorCode::not_found,
                "apt's configuration on this machine names no Debian mirror for its release \"{}\"; "
                "--mirror names one, for example http://deb.debian.org/debian",
                codename);
  }
  return mirrors;
}

std::vector<std::string> deb_lines(const Mirrors& mirrors, std::string_view suite) {
  std::vector<std::string> lines{fmt::format("deb {} {} main", mirrors.main, suite)};
  if (has_no_updates(suite)) return lines;
  lines.push_back(fmt::format("deb {} {}-updates main", mirrors.main, suite));
  if (!mirrors.security.empty()) {
    lines.push_back(fmt::format("deb {} {}-security main", mirrors.security, suite));
  }
  return lines;
}

Result<void> check_suite(std::string_view field, std::string_view suite) {
  const bool good = !suite.empty() && suite.front() != '-' && suite.front() != '.' &&
                    std::ranges::all_of(
                        suite, [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '.'; });
  if (good) return {};
  return fail(ErrorCode::invalid_argument, "{}: \"{}\" is no name of a Debian release, for example trixie",
              field, suite);
}

Result<void> check_mirror(std::string_view field, std::string_view uri) {
  constexpr std::array<std::string_view, 5> kSchemes = {"http://", "https://", "file:/", "copy:/", "mirror+"};
  const bool known =
      std::ranges::any_of(kSchemes, [&](std::string_view scheme) { return uri.starts_with(scheme); });
  const bool plain = std::ranges::all_of(uri, [](unsigned char c) { return c > 0x20 && c < 0x7f; });
  if (known && plain) return {};
  return fail(ErrorCode::invalid_argument,
              "{}: \"{}\" is no address of a Debian mirror, for example http://deb.debian.org/debian", field,
              uri);
}

}  // namespace am::image
