#include "base/data_folder.h"

#include <cstdlib>

namespace am {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): read at start, before any thread
  return value == nullptr ? std::string() : std::string(value);
}

}  // namespace

Result<std::string> default_data_folder() {
  if (std::string data = variable("AM_DATA"); !data.empty()) return data;
  if (std::string shared = variable("XDG_DATA_HOME"); !shared.empty()) return shared + "/application-manager";
  if (std::string home = variable("HOME"); !home.empty()) return home + "/.local/share/application-manager";
  return fail(ErrorCode::invalid_argument,
              "no data folder: HOME is not set; name one with --data DIR or in the variable AM_DATA");
}

}  // namespace am
