#include "image/build_image.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "base/clock.h"
#include "base/files.h"
#include "image/command.h"
#include "image/image_folder.h"
#include "image/mirrors.h"
#include "image/root_builder.h"

namespace am::image {
namespace {

namespace fs = std::filesystem;

std::string sha256(std::string_view text) {
  unsigned char hash[crypto_hash_sha256_BYTES];
  crypto_hash_sha256(hash, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  std::string hex;
  for (const unsigned char byte : hash) hex += fmt::format("{:02x}", byte);
  return hex;
}

// Files of the image are for every task, whatever the umask of whoever builds.
class Umask {
 public:
  Umask() : before_(::umask(022)) {}
  ~Umask() { ::umask(before_); }
  Umask(const Umask&) = delete;
  Umask& operator=(const Umask&) = delete;

 private:
  mode_t before_;
};

// The time that the build claims to happen at, seconds since 1970: SOURCE_DATE_EPOCH where that is set.
Result<std::int64_t> build_time() {
  const char* text = std::getenv("SOURCE_DATE_EPOCH");
  if (text == nullptr || *text == '\0') {
    return wall_clock_ms() / 1000;
  }
  char* end = nullptr;
  errno = 0;
  const std::int64_t seconds = std::strtoll(text, &end, 10);
  constexpr std::int64_t kYear9999 = 253'402'300'799;
  if (*end != '\0' || errno != 0 || seconds < 0 || seconds > kYear9999) {
    return fail(ErrorCode::invalid_argument, "SOURCE_DATE_EPOCH: \"{}\" is no number of seconds since 1970",
                text);
  }
  return seconds;
}

Result<void> check_requirements() {
  if (::geteuid() != 0) {
    return fail(ErrorCode::forbidden,
                "the image can only be built by root, for its files belong to root; try it with sudo");
  }
  for (const auto& [program, package] :
       {std::pair{"mmdebstrap", "mmdebstrap"}, {"chroot", "coreutils"}, {"python3", "python3"}}) {
    if (!find_program(program).empty()) continue;
    return fail(ErrorCode::unavailable,
                "the image is built with {}, which is not installed; on Debian: apt-get install {}", program,
                package);
  }
  return {};
}

// The image in `dir` when it is what would be built.
std::optional<ImageInfo> as_wanted(const BuildOptions& options, const std::string& dir,
                                   const std::string& pins_sha256) {
  if (options.force) return {};
  auto image = describe_image(dir);
  if (!image || !image->manifest) return {};
  const Manifest& manifest = *image->manifest;
  const bool same = manifest.format == kManifestFormat && manifest.pins_sha256 == pins_sha256 &&
                    (options.suite.empty() || manifest.suite == options.suite);
  return same ? std::optional(std::move(*image)) : std::nullopt;
}

Result<Mirrors> find_mirrors(const BuildOptions& options, const BuildLog& log) {
  if (!options.mirror.empty()) return Mirrors{.main = options.mirror};
  const std::string apt = find_program("apt-get");
  const auto release = read_file("/etc/os-release");
  std::string codename;
  if (release) {
    for (const char* name : {"VERSION_CODENAME=", "DEBIAN_CODENAME="}) {
      const std::size_t at = ("\n" + *release).find(std::string("\n") + name);
      if (at == std::string::npos) continue;
      codename = release->substr(at + std::string_view(name).size());
      codename = codename.substr(0, codename.find('\n'));
    }
  }
  const bool is_debian = release && ("\n" + *release).contains("\nID=debian");
  if (apt.empty() || !is_debian || codename.empty()) {
    return fail(ErrorCode::unavailable,
                "this machine is no Debian whose mirror could be used; --mirror names one, for example "
                "http://deb.debian.org/debian");
  }
  const auto targets = output_of(
      {.argv = {apt, "indextargets", "--format", std::string(kIndexTargetFormat), "Created-By: Packages"}},
      log);
  if (!targets) return pass_on(targets);
  if (auto mirrors = parse_index_targets(*targets, codename)) return mirrors;
  const auto uris = output_of({.argv = {apt, "update", "--print-uris"}}, log);
  if (!uris) return pass_on(uris);
  return parse_index_targets(targets_of_uris(*uris), codename);
}

// Proxies, certificates and the like: mmdebstrap's apt does not read this machine's files.
std::vector<std::string> apt_options(const BuildLog& log) {
  std::vector<std::string> options = {"Acquire::Retries \"2\""};
  const std::string program = find_program("apt-config");
  if (program.empty()) return options;
  const auto dump =
      output_of({.argv = {program, "dump", "--no-empty", "--format", "%F \"%v\"%n", "Acquire"}}, log);
  std::string_view rest = dump ? std::string_view(*dump) : std::string_view();
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.starts_with("Acquire::http::") || line.starts_with("Acquire::https::"))
      options.emplace_back(line);
  }
  return options;
}

struct Build {
  const BuildOptions& options;
  const Progress& progress;
  ImageFolder folder;
  BuildLog log;
  std::int64_t time = 0;
  Manifest manifest;

  [[nodiscard]] RootBuilder builder() const { return {folder.new_dir(), std::to_string(time), log}; }
  Result<void> make_packages();
  Result<void> run();
};

// Debian with the pinned packages; where the index is out of reach, Debian with its own packages.
Result<void> Build::make_packages() {
  const auto mirrors = find_mirrors(options, log);
  if (!mirrors) return pass_on(mirrors);
  manifest.sources = deb_lines(*mirrors, manifest.suite);
  const std::vector<std::string> apt = apt_options(log);
  progress(fmt::format("Debian \"{}\" with Python, from {}…", manifest.suite, mirrors->main));
  RootBuilder root = builder();
  if (auto made = root.make_base(manifest.suite, manifest.sources, apt, {}); !made) return made;
  progress("the pinned Python packages…");
  const auto pinned = root.install_pins(options.pins);
  if (pinned || pinned.error().code != ErrorCode::unavailable) return pinned;
  progress("the package index could not be used, so once more with Debian's Python packages…");
  if (auto removed = remove_tree(folder.new_dir()); !removed) return removed;
  if (auto made = root.make_base(manifest.suite, manifest.sources, apt, fallback_packages()); !made)
    return made;
  manifest.note =
      "the Python package index was out of reach, so the image has Debian's versions of the packages instead "
      "of "
      "the pinned ones; `am image build --force` tries again";
  return {};
}

Result<void> Build::run() {
  if (auto made = make_packages(); !made) return made;
  RootBuilder root = builder();
  progress("languages, bytecode, tidying…");
  if (auto made = root.make_locales(); !made) return made;
  if (auto tidied = root.tidy(); !tidied) return tidied;
  if (auto read = root.read_versions(manifest); !read) return read;
  if (auto written = root.write_manifest(manifest); !written) return written;
  if (auto usable = describe_image(folder.new_dir()); !usable) return pass_on(usable);
  return put_in_place(folder);
}

}  // namespace

Result<BuildResult> build_image(const BuildOptions& options, const Progress& progress) {
  if (!options.suite.empty()) {
    if (auto checked = check_suite("--suite", options.suite); !checked) return pass_on(checked);
  }
  if (!options.mirror.empty()) {
    if (auto checked = check_mirror("--mirror", options.mirror); !checked) return pass_on(checked);
  }
  const auto pins = read_file(options.pins);
  if (!pins) return fail(pins.error().code, "the pinned packages: {}", pins.error().message);
  const std::string pins_sha256 = sha256(*pins);
  auto folder = image_folder(options.dir);
  if (!folder) return pass_on(folder);
  if (auto image = as_wanted(options, folder->dir, pins_sha256))
    return BuildResult{.image = std::move(*image)};
  if (auto checked = check_requirements(); !checked) return pass_on(checked);
  const auto time = build_time();
  if (!time) return pass_on(time);

  const Umask everybody_reads;
  if (auto made = make_folders(fs::path(folder->dir).parent_path().string()); !made) return pass_on(made);
  auto lock = try_lock(*folder);
  if (!lock) return pass_on(lock);
  if (!*lock) {
    progress(fmt::format("waiting for another build, which holds {}…", folder->lock_file()));
    lock = wait_for_lock(*folder);
    if (!lock) return pass_on(lock);
    // That one may have made what this one was to make.
    if (auto image = as_wanted(options, folder->dir, pins_sha256))
      return BuildResult{.image = std::move(*image)};
  }
  if (auto removed = remove_leftovers(*folder); !removed) return pass_on(removed);
  const UniqueFd log(
      ::open(folder->log_file().c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0644));
  if (!log) return fail_errno(errno, "cannot open {}", folder->log_file());

  std::string suite = options.suite;
  if (const auto former = inspect_image(folder->dir); suite.empty() && former && former->manifest) {
    suite = former->manifest->suite;
  }
  if (suite.empty()) suite = kDefaultSuite;
  Build build{.options = options,
              .progress = progress,
              .folder = *folder,
              .log = {.fd = log.get(), .lock_fd = lock->get(), .path = folder->log_file()},
              .time = *time,
              .manifest = {}};
  build.manifest.suite = suite;
  build.manifest.pins_sha256 = pins_sha256;
  build.manifest.built_at = iso8601(*time * 1000);
  if (auto ran = build.run(); !ran) {
    // The reason is what counts; what cannot be removed now is removed by the next build.
    (void)remove_tree(folder->new_dir());
    return pass_on(ran);
  }
  auto image = describe_image(folder->dir);
  if (!image) return pass_on(image);
  return BuildResult{.image = std::move(*image), .built = true};
}

std::uint64_t size_of(const std::string& dir) {
  std::uint64_t bytes = 0;
  std::error_code error;
  constexpr auto kOthersFolders = fs::directory_options::skip_permission_denied;
  for (auto at = fs::recursive_directory_iterator(dir, kOthersFolders, error); !error && at != fs::end(at);
       at.increment(error)) {
    std::error_code unreadable;
    if (at->is_symlink(unreadable) || !at->is_regular_file(unreadable)) continue;
    const std::uint64_t size = at->file_size(unreadable);
    if (!unreadable) bytes += size;
  }
  return bytes;
}

}  // namespace am::image
