// Where Debian packages come from: the machine's own configuration of apt.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace am::image {

// A line of `apt-get indextargets` for each list of packages.
inline constexpr std::string_view kIndexTargetFormat = "$(REPO_URI)|$(CODENAME)|$(COMPONENT)";

struct Mirrors {
  std::string main;      // has <suite> and <suite>-updates
  std::string security;  // has <suite>-security; empty: this machine has none

  bool operator==(const Mirrors&) const = default;
};

// The mirrors of the machine's own release, `codename`, in the output of `apt-get indextargets`. not_found
// when there is none.
Result<Mirrors> parse_index_targets(std::string_view text, std::string_view codename);

// The same lines from the output of `apt-get update --print-uris`: indextargets knows only lists that were
// fetched already, and a fresh machine has none.
std::string targets_of_uris(std::string_view uris);

// The lines of a sources.list for `suite`.
std::vector<std::string> deb_lines(const Mirrors& mirrors, std::string_view suite);

// Letters, digits, `.`, `-` as Debian names its suites; the error names `field` and the value.
Result<void> check_suite(std::string_view field, std::string_view suite);
// http, https, file and the like, without spaces or options.
Result<void> check_mirror(std::string_view field, std::string_view uri);

}  // namespace am::image
