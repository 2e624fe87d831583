#include "manager/applications.h"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>

#include "base/clock.h"
#include "base/files.h"
#include "base/random.h"
#include "manager/application_name.h"
#include "manager/archive_import.h"
#include "manager/file_tree.h"

namespace am::manager {
namespace {

// Names that no application can have, because of the dot: folders that are being filled or emptied.
constexpr std::string_view kImportPrefix = ".import-";
constexpr std::string_view kDeletedPrefix = ".deleted-";

std::string temporary_name(std::string_view prefix) { return std::string(prefix) + random_letters(12); }

Result<UniqueFd> make_folder_in(int parent, const std::string& name) {
  if (::mkdirat(parent, name.c_str(), 0755) != 0)
    return fail_errno(errno, "cannot create the folder {}", name);
  return open_beneath(parent, name, O_PATH | O_DIRECTORY | O_NOFOLLOW);
}

Result<void> rename_in(int parent, const std::string& from, const std::string& to) {
  if (::renameat(parent, from.c_str(), parent, to.c_str()) == 0) return {};
  return fail_errno(errno, "cannot rename the folder {} to {}", from, to);
}

}  // namespace

Result<std::unique_ptr<Applications>> Applications::open(storage::ApplicationStore& store, BlockingPool& pool,
                                                         ContentEvents& events, std::string sources) {
  if (auto made = make_folders(sources); !made) return pass_on(made);
  auto folder = open_folder(sources);
  if (!folder) return pass_on(folder);
  auto applications =
      std::make_unique<Applications>(store, pool, events, std::move(sources), *std::move(folder));
  applications->remove_leftovers();
  return applications;
}

void Applications::remove_leftovers() {
  const auto names = folder_names(folder_.get());
  if (!names) return spdlog::warn("{}: {}", sources_, names.error().message);
  for (const std::string& name : *names) {
    if (!name.starts_with(kImportPrefix) && !name.starts_with(kDeletedPrefix)) continue;
    if (auto removed = remove_tree(folder_.get(), name); !removed) {
      spdlog::warn("{}/{}: {}", sources_, name, removed.error().message);
    }
  }
}

Result<void> Applications::check_new_name(const std::string& name) {
  if (auto checked = check_application_name(name); !checked) return checked;
  const auto existing = store_.find_by_name(name);
  if (!existing) return pass_on(existing);
  if (*existing)
    return fail(ErrorCode::already_exists, "name: an application named \"{}\" exists already", name);
  return {};
}

Result<storage::Application> Applications::add(const std::string& name, const std::string& folder) {
  const storage::Application application{
      .id = random_uuid(), .name = name, .folder = folder, .created_ms = wall_clock_ms()};
  if (auto added = store_.add(application); !added) return pass_on(added);
  return application;
}

Awaitable<Result<storage::Application>> Applications::create(std::string name) {
  if (auto checked = check_new_name(name); !checked) co_return pass_on(checked);
  const std::string folder = new_folder_name(name);
  const auto made = co_await pool_.run([&] { return make_folder_in(folder_.get(), folder); });
  if (!made) co_return pass_on(made);
  auto application = add(name, folder);
  if (!application) {
    const auto removed = co_await pool_.run([&] { return remove_tree(folder_.get(), folder); });
    if (!removed) spdlog::warn("{}/{}: {}", sources_, folder, removed.error().message);
    co_return application;
  }
  tell(application->id);
  co_return application;
}

Awaitable<Result<storage::Application>> Applications::import(std::string name, std::string archive) {
  if (auto checked = check_new_name(name); !checked) co_return pass_on(checked);
  const std::string staging = temporary_name(kImportPrefix);
  const std::string folder = new_folder_name(name);
  auto imported = co_await pool_.run([&]() -> Result<ImportedFiles> {
    const auto root = make_folder_in(folder_.get(), staging);
    if (!root) return pass_on(root);
    auto files = import_archive(root->get(), archive, ImportLimits{});
    if (!files) return files;
    if (auto renamed = rename_in(folder_.get(), staging, folder); !renamed) return pass_on(renamed);
    return files;
  });
  Result<storage::Application> application =
      imported ? add(name, folder) : Result<storage::Application>(pass_on(imported));
  if (!application) {
    const std::string& left = imported ? folder : staging;
    const auto removed = co_await pool_.run([&] { return remove_tree(folder_.get(), left); });
    if (!removed) spdlog::warn("{}/{}: {}", sources_, left, removed.error().message);
    co_return application;
  }
  for (const std::string& path : imported->executable_scripts) {
    if (auto script = store_.add_script(application->id, path); !script) co_return pass_on(script);
  }
  tell(application->id);
  co_return application;
}

Awaitable<Result<void>> Applications::remove(std::string id) {
  const auto application = store_.get(id);
  if (!application) co_return pass_on(application);
  // Out of sight in one step, and only then emptied.
  const std::string deleted = temporary_name(kDeletedPrefix);
  const auto renamed =
      co_await pool_.run([&] { return rename_in(folder_.get(), application->folder, deleted); });
  if (!renamed) spdlog::warn("{}: {}", sources_, renamed.error().message);
  if (auto removed = store_.remove(id); !removed) {
    if (!renamed) co_return removed;
    const auto back =
        co_await pool_.run([&] { return rename_in(folder_.get(), deleted, application->folder); });
    if (!back) spdlog::error("{}: {}", sources_, back.error().message);
    co_return removed;
  }
  tell(id);
  if (renamed) co_return co_await pool_.run([&] { return remove_tree(folder_.get(), deleted); });
  co_return Result<void>();
}

Result<storage::Application> Applications::change(const std::string& id,
                                                  const storage::ApplicationChange& change) {
  if (change.name) {
    if (auto checked = check_application_name(*change.name); !checked) return pass_on(checked);
  }
  if (auto changed = store_.change(id, change); !changed) return pass_on(changed);
  tell(id);
  return store_.get(id);
}

Result<UniqueFd> Applications::open_root(const storage::Application& application) const {
  auto root = open_beneath(folder_.get(), application.folder, O_PATH | O_DIRECTORY | O_NOFOLLOW);
  if (root) return root;
  return fail(ErrorCode::internal, "the folder of the application {} is not there: {}", application.name,
              root.error().message);
}

std::string Applications::path_of(const storage::Application& application) const {
  return sources_ + "/" + application.folder;
}

}  // namespace am::manager
