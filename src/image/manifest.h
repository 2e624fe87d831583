// What `am image build` writes down about an image, inside of it.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace am::image {

inline constexpr std::string_view kManifestPath = "usr/share/application-manager/image.json";
// Raised when an image made earlier would not do any more; `am image build` then makes a new one.
inline constexpr int kManifestFormat = 1;

struct Manifest {
  int format = kManifestFormat;
  std::string suite;                                   // "trixie"
  std::vector<std::string> sources;                    // the `deb` lines that it was made from
  std::string built_at;                                // ISO 8601, UTC
  std::string pins_sha256;                             // of the file with the pinned Python packages
  std::string python_version;                          // "3.13.5"
  std::map<std::string, std::string> python_packages;  // name → version
  std::map<std::string, std::string> debian_packages;  // name → version
  std::string note;                                    // what is not as asked for; empty: nothing

  bool operator==(const Manifest&) const = default;
};

boost::json::object to_json(const Manifest& manifest);

// The error names the field that is missing or of another type.
Result<Manifest> parse_manifest(std::string_view text);

// "name version" lines, as the package tools print them; other lines are passed over.
std::map<std::string, std::string> parse_versions(std::string_view lines);

}  // namespace am::image
