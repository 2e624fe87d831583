#include "hypervisor/data_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>

#include "base/files.h"
#include "base/random.h"

namespace am::hypervisor {

Result<UniqueFd> lock_data(const std::string& run_dir) {
  const std::string file = run_dir + "/hypervisor.lock";
  UniqueFd lock(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640));
  if (!lock) return fail_errno(errno, "cannot open {}", file);
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    return fail(ErrorCode::conflict, "another hypervisor runs on this data folder (it holds {})", file);
  }
  return lock;
}

Result<std::string> own_id(const std::string& run_dir) {
  const std::string file = run_dir + "/hypervisor.id";
  const auto content = read_file(file);
  if (content && is_uuid(*content)) return *content;
  if (!content && content.error().code != ErrorCode::not_found) return pass_on(content);
  const std::string id = random_uuid();
  if (auto written = write_file_atomically(file, id); !written) return pass_on(written);
  return id;
}

Result<std::string> read_secret(const HypervisorOptions& options) {
  const std::string file = options.secret_file.empty() ? options.data_dir + "/secret" : options.secret_file;
  auto secret = read_file(file, 4096);
  if (!secret) return fail(secret.error().code, "the shared secret: {}", secret.error().message);
  while (!secret->empty() && (secret->back() == '\n' || secret->back() == ' ')) secret->pop_back();
  if (secret->size() < 16)
    return fail(ErrorCode::invalid_argument, "the secret in {} is shorter than 16 characters", file);
  return secret;
}

Result<Places> prepare_places(const HypervisorOptions& options, const Installation& installation) {
  const std::string data = std::filesystem::absolute(options.data_dir).lexically_normal();
  Places places;
  const auto place = [&data](const std::string& given, const char* usual) {
    return given.empty() ? data + usual : std::filesystem::absolute(given).lexically_normal().string();
  };
  places.sources = place(options.sources_dir, "/sources");
  places.workdirs = place(options.workdirs_dir, "/workdirs");
  places.venvs = place(options.venvs_dir, "/venvs");
  places.tasks = data + "/run/tasks";
  places.slots = data + "/run/slots";
  places.own = data + "/run/own/tasks";
  places.containers = data + "/run/containers";
  places.python_path = installation.python_path;
  // On this machine that is the platform's alone; inside of the container tasks enter it, but cannot list it.
  if (auto made = make_folders(data + "/run/own", 0700); !made) return pass_on(made);
  for (std::string* folder :
       {&places.sources, &places.workdirs, &places.venvs, &places.tasks, &places.slots, &places.own}) {
    if (auto made = make_folders(*folder); !made) return pass_on(made);
  }
  if (::chmod(places.own.c_str(), 0711) != 0) return fail_errno(errno, "cannot close {}", places.own);
  // Without links, which a container's mounts do not follow.
  for (std::string* folder : {&places.sources, &places.workdirs, &places.venvs, &places.tasks, &places.slots,
                              &places.own, &places.python_path}) {
    std::error_code error;
    *folder = std::filesystem::canonical(*folder, error);
    if (error) return fail_errno(error.value(), "cannot find out the path of {}", *folder);
  }
  return places;
}

}  // namespace am::hypervisor
