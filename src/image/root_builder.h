// The stages of a build, in the folder where the new root filesystem grows.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "image/command.h"
#include "image/manifest.h"

namespace am::image {

class RootBuilder {
 public:
  // `root` does not exist yet; `epoch` is the time that the files are to have (SOURCE_DATE_EPOCH).
  RootBuilder(std::string root, std::string epoch, BuildLog log)
      : root_(std::move(root)), epoch_(std::move(epoch)), log_(std::move(log)) {}

  // Debian's essential packages, Python, and `more`. `apt_options` as for mmdebstrap's --aptopt.
  Result<void> make_base(const std::string& suite, const std::vector<std::string>& deb_lines,
                         const std::vector<std::string>& apt_options, const std::vector<std::string>& more);
  // C.UTF-8 is there without; these are the others.
  Result<void> make_locales();
  // Exactly the packages of the pins file with their hashes. unavailable when the index cannot be used;
  // another code when a package is not what the pins say.
  Result<void> install_pins(const std::string& pins);
  // Bytecode for all modules, no rest of the build, no trace of this machine.
  Result<void> tidy();
  // Fills the versions of Python, its packages and Debian's.
  Result<void> read_versions(Manifest& manifest);
  Result<void> write_manifest(const Manifest& manifest);

 private:
  // A program inside, with a small environment that does not depend on who builds.
  [[nodiscard]] Command inside(std::vector<std::string> argv) const;

  std::string root_;
  std::string epoch_;
  BuildLog log_;
};

// The counterparts of the pinned packages in Debian, for a machine that cannot reach the package index.
std::vector<std::string> fallback_packages();

}  // namespace am::image
