#include "cli/import_plan.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <optional>

#include "base/files.h"

namespace am::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kFileLimit = 256ULL << 20;

bool left_out(const std::string& name) { return name == "__pycache__" || name == ".git"; }

bool is_script_name(const std::string& path) { return path.ends_with(".py") || path.ends_with(".py3"); }

// Opens without waiting for a writer of a FIFO, and never outside of the folder.
Result<UniqueFd> open_inside(int root, const std::string& path) {
  return open_beneath(root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
}

class Walk {
 public:
  Walk(const std::string& folder, int root) : folder_(folder), root_(root) {}

  Result<ImportPlan> run() {
    std::error_code error;
    fs::recursive_directory_iterator entry(folder_, error);
    for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
      if (left_out(entry->path().filename().string())) {
        entry.disable_recursion_pending();
        continue;
      }
      if (const auto taken = take(*entry); !taken) return pass_on(taken);
    }
    if (error)
      return fail(ErrorCode::invalid_argument, "cannot read the folder {}: {}", folder_, error.message());
    std::ranges::sort(plan_.files, {}, &ImportFile::path);
    return std::move(plan_);
  }

 private:
  Result<void> take(const fs::directory_entry& entry) {
    const std::string path = entry.path().lexically_relative(folder_).generic_string();
    std::error_code error;
    const fs::file_type type = entry.symlink_status(error).type();
    if (error)
      return fail(ErrorCode::invalid_argument, "cannot look at {}: {}", entry.path().string(),
                  error.message());
    if (type == fs::file_type::directory) return {};
    if (type != fs::file_type::regular && type != fs::file_type::symlink) {
      plan_.skipped.push_back(path + ": not a regular file");
      return {};
    }
    if (const auto good = check_relative_path("file", path); !good) return good;
    const auto fd = open_inside(root_, path);
    if (!fd && type == fs::file_type::symlink) {
      plan_.skipped.push_back(path + ": a symbolic link that leads outside of the folder or nowhere");
      return {};
    }
    if (!fd) return pass_on(fd);
    struct stat facts{};
    if (::fstat(fd->get(), &facts) != 0) return fail_errno(errno, "cannot look at {}", path);
    if (!S_ISREG(facts.st_mode)) {
      plan_.skipped.push_back(path + ": a symbolic link to a folder or a device");
      return {};
    }
    const bool executable_bit = (facts.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH)) != 0;
    plan_.files.push_back({path, executable_bit && is_script_name(path)});
    return {};
  }

  std::string folder_;
  int root_;
  ImportPlan plan_;
};

}  // namespace

Result<ImportPlan> plan_import(const std::string& folder) {
  const auto root = open_folder(folder);
  if (!root) return fail(ErrorCode::invalid_argument, "DIR: {}", root.error().message);
  return Walk(folder, root->get()).run();
}

Result<std::string> read_import_file(const std::string& folder, const std::string& path) {
  const auto root = open_folder(folder);
  if (!root) return pass_on(root);
  const auto fd = open_inside(root->get(), path);
  if (!fd) return pass_on(fd);
  std::string content;
  char buffer[65536];
  for (;;) {
    const ssize_t count = ::read(fd->get(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_errno(errno, "cannot read {}", path);
    if (count == 0) return content;
    content.append(buffer, static_cast<std::size_t>(count));
    if (content.size() > kFileLimit) {
      return fail(ErrorCode::too_large, "{} is larger than {} bytes", path, kFileLimit);
    }
  }
}

}  // namespace am::cli
