#include "image/manifest.h"

namespace am::image {
namespace {

namespace json = boost::json;

constexpr std::string_view kWhat = "the image's own description";

json::object to_json(const std::map<std::string, std::string>& versions) {
  json::object object;
  for (const auto& [name, version] : versions) object[name] = version;
  return object;
}

std::unexpected<Error> wrong_field(std::string_view field) {
  return fail(ErrorCode::invalid_argument, "{} (/{}): \"{}\" is missing or of another type", kWhat,
              kManifestPath, field);
}

Result<void> read_text(const json::object& object, std::string_view field, std::string& into) {
  const json::value* value = object.if_contains(field);
  if (value == nullptr || !value->is_string()) return wrong_field(field);
  into = value->get_string();
  return {};
}

Result<void> read_versions(const json::object& object, std::string_view field,
                           std::map<std::string, std::string>& into) {
  const json::value* value = object.if_contains(field);
  if (value == nullptr || !value->is_object()) return wrong_field(field);
  for (const auto& [name, version] : value->get_object()) {
    if (!version.is_string()) return wrong_field(field);
    into.emplace(name, version.get_string());
  }
  return {};
}

}  // namespace

json::object to_json(const Manifest& manifest) {
  return {
      {"format", manifest.format},
      {"suite", manifest.suite},
      {"sources", json::value_from(manifest.sources)},
      {"builtAt", manifest.built_at},
      {"pinsSha256", manifest.pins_sha256},
      {"pythonVersion", manifest.python_version},
      {"pythonPackages", to_json(manifest.python_packages)},
      {"debianPackages", to_json(manifest.debian_packages)},
      {"note", manifest.note},
  };
}

Result<Manifest> parse_manifest(std::string_view text) {
  boost::system::error_code error;
  const json::value value = json::parse(text, error);
  if (error || !value.is_object()) {
    return fail(ErrorCode::invalid_argument, "{} (/{}) is no JSON object", kWhat, kManifestPath);
  }
  const json::object& object = value.get_object();
  Manifest manifest;
  const json::value* format = object.if_contains("format");
  if (format == nullptr || !format->is_int64()) return wrong_field("format");
  manifest.format = static_cast<int>(format->get_int64());
  const json::value* sources = object.if_contains("sources");
  if (sources == nullptr || !sources->is_array()) return wrong_field("sources");
  for (const json::value& line : sources->get_array()) {
    if (!line.is_string()) return wrong_field("sources");
    manifest.sources.emplace_back(line.get_string());
  }
  const std::pair<const char*, std::string*> texts[] = {{"suite", &manifest.suite},
                                                        {"builtAt", &manifest.built_at},
                                                        {"pinsSha256", &manifest.pins_sha256},
                                                        {"pythonVersion", &manifest.python_version},
                                                        {"note", &manifest.note}};
  for (const auto& [field, into] : texts) {
    if (auto read = read_text(object, field, *into); !read) return pass_on(read);
  }
  if (auto read = read_versions(object, "pythonPackages", manifest.python_packages); !read) {
    return pass_on(read);
  }
  if (auto read = read_versions(object, "debianPackages", manifest.debian_packages); !read) {
    return pass_on(read);
  }
  return manifest;
}

std::map<std::string, std::string> parse_versions(std::string_view lines) {
  std::map<std::string, std::string> versions;
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos || space == 0 || space + 1 == line.size()) continue;
    versions.emplace(line.substr(0, space), line.substr(space + 1));
  }
  return versions;
}

}  // namespace am::image
