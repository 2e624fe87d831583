#include "manager/manager_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "base/files.h"
#include "base/random.h"

namespace am::manager {
namespace {

constexpr std::uint64_t kSecretFileLimit = 4096;
constexpr std::size_t kShortestSecret = 16;  // as hypervisors have it

// The first line of a file that holds one secret.
Result<std::string> read_secret(const std::string& file) {
  auto content = read_file(file, kSecretFileLimit);
  if (!content) return content;
  content->resize(std::min(content->size(), content->find_first_of("\r\n")));
  while (content->ends_with(' ')) content->pop_back();
  if (content->empty())
    return fail(ErrorCode::invalid_argument, "{} is empty; delete it or put a secret in it", file);
  return content;
}

Result<std::string> read_or_make(const std::string& file, std::string (*make)()) {
  auto secret = read_secret(file);
  if (secret || secret.error().code != ErrorCode::not_found) return secret;
  std::string made = make();
  if (auto written = write_file_atomically(file, made + "\n", 0600); !written) return pass_on(written);
  return made;
}

std::string holder_of(const std::string& lock_file) {
  const auto text = read_file(lock_file, kSecretFileLimit);
  if (!text || text->empty()) return "";
  return fmt::format(" (process {})", text->substr(0, text->find('\n')));
}

}  // namespace

Result<ManagerFolder> ManagerFolder::open(const std::string& data) {
  if (auto made = make_folders(data, 0700); !made) return pass_on(made);
  std::error_code error;
  const std::string absolute = std::filesystem::canonical(data, error).string();
  if (error) return fail_errno(error.value(), "cannot resolve the data folder {}", data);
  const std::string folder = absolute + "/manager";
  if (auto made = make_folders(folder, 0700); !made) return pass_on(made);

  if (auto made = make_folders(folder + "/tmp", 0700); !made) return pass_on(made);

  const std::string lock_file = folder + "/lock";
  UniqueFd lock(::open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock) return fail_errno(errno, "cannot open {}", lock_file);
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return fail_errno(errno, "cannot lock {}", lock_file);
    return fail(ErrorCode::conflict,
                "another manager{} runs on the data folder {}; stop it, or choose another with --data",
                holder_of(lock_file), absolute);
  }
  // For whoever meets the lock; the lock itself does not depend on it.
  if (::ftruncate(lock.get(), 0) != 0) return fail_errno(errno, "cannot write {}", lock_file);
  if (auto written = write_all(lock.get(), fmt::format("{}\n", ::getpid())); !written)
    return pass_on(written);
  return ManagerFolder(absolute, std::move(lock));
}

Result<std::string> ManagerFolder::manager_id() const { return read_or_make(path("id"), random_uuid); }

Result<std::string> ManagerFolder::ipc_secret(const std::string& file) const {
  auto secret = file.empty() ? read_or_make(data_ + "/secret", random_secret) : read_secret(file);
  if (!secret) return fail(secret.error().code, "the secret for hypervisors: {}", secret.error().message);
  if (secret->size() < kShortestSecret) {
    return fail(ErrorCode::invalid_argument, "the secret for hypervisors in {} is shorter than {} characters",
                file.empty() ? data_ + "/secret" : file, kShortestSecret);
  }
  return secret;
}

Result<std::string> ManagerFolder::local_token(storage::AccountStore& accounts) const {
  auto admin = accounts.find_user("admin");
  if (!admin) return pass_on(admin);
  if (!*admin) {
    auto added = accounts.add_user("admin", "admin");
    if (!added) return pass_on(added);
    *admin = *std::move(added);
  }
  const auto token = read_or_make(path("token"), random_secret);
  if (!token) return token;
  // Exactly the token of the file is good: whoever deletes the file and starts the manager has replaced it.
  const std::string& user_id = (*admin)->id;
  if (auto removed = accounts.remove_tokens(user_id, storage::TokenKind::local); !removed)
    return pass_on(removed);
  if (auto added = accounts.add_token(*token, user_id, storage::TokenKind::local); !added)
    return pass_on(added);
  return token;
}

}  // namespace am::manager
