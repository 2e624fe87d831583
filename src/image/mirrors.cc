#include "image/mirrors.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace am::image {
namespace {

// Takes what comes before `separator`, and that, away from `text`.
std::string_view take(std::string_view& text, char separator) {
  const std::size_t end = text.find(separator);
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return taken;
}

// These two are updated in themselves.
bool has_no_updates(std::string_view suite) { return suite == "sid" || suite == "unstable"; }

}  // namespace

Result<Mirrors> parse_index_targets(std::string_view text, std::string_view codename) {
  Mirrors mirrors;
  const std::string security = std::string(codename) + "-security";
  while (!text.empty()) {
    std::string_view line = take(text, '\n');
    const std::string_view uri = take(line, '|');
    const std::string_view name = take(line, '|');
    if (uri.empty() || take(line, '|') != "main") continue;
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

std::string targets_of_uris(std::string_view uris) {
  constexpr std::string_view kDists = "/dists/";
  constexpr std::string_view kRelease = "/InRelease";
  std::string targets;
  while (!uris.empty()) {
    // 'http://deb.debian.org/debian/dists/bookworm/InRelease' deb.debian.org_debian_… 0
    std::string_view line = take(uris, '\n');
    take(line, '\'');
    std::string_view uri = take(line, '\'');
    const std::size_t dists = uri.rfind(kDists);
    if (dists == std::string_view::npos || !uri.ends_with(kRelease)) continue;
    const std::string_view mirror = uri.substr(0, dists + 1);
    uri.remove_prefix(dists + kDists.size());
    uri.remove_suffix(std::min(uri.size(), kRelease.size()));
    targets += fmt::format("{}|{}|main\n", mirror, uri);
  }
  return targets;
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
