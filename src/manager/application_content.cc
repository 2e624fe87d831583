#include "manager/application_content.h"

#include <fcntl.h>

#include <unordered_map>

#include "base/files.h"
#include "manager/application_copy.h"

namespace am::manager {

template <typename Work>
Awaitable<std::invoke_result_t<Work&, int>> ApplicationContent::in_folder(
    const storage::Application& application, Work work) {
  using Value = std::invoke_result_t<Work&, int>;
  auto job = [this, &application, &work]() -> Value {
    const auto root = applications_.open_root(application);
    if (!root) return pass_on(root);
    return work(root->get());
  };
  auto result = co_await pool_.run(std::move(job));
  co_return result;
}

Awaitable<Result<std::vector<ListedFile>>> ApplicationContent::list(storage::Application application) {
  auto files = co_await in_folder(application, [](int root) { return list_tree(root); });
  if (!files) co_return pass_on(files);
  const auto scripts = store_.scripts(application.id);
  if (!scripts) co_return pass_on(scripts);
  std::unordered_map<std::string, std::string> ids;
  for (const storage::Script& script : *scripts) ids.emplace(script.path, script.id);
  std::vector<ListedFile> listed;
  listed.reserve(files->size());
  for (FileInfo& info : *files) {
    ListedFile file{.info = std::move(info), .script_id = {}};
    if (const auto found = ids.find(file.info.path); found != ids.end()) file.script_id = found->second;
    listed.push_back(std::move(file));
  }
  co_return listed;
}

Awaitable<Result<OpenFile>> ApplicationContent::open(storage::Application application, std::string path) {
  if (auto checked = check_path("path", path); !checked) co_return pass_on(checked);
  auto opened = co_await in_folder(application, [&](int root) { return files_.open(root, path); });
  co_return opened;
}

Awaitable<Result<Written>> ApplicationContent::write(storage::Application application, std::string path,
                                                     std::string content, WriteCondition condition) {
  if (auto checked = check_path("path", path); !checked) co_return pass_on(checked);
  auto written =
      co_await in_folder(application, [&](int root) { return files_.write(root, path, content, condition); });
  if (written) tell(application);
  co_return written;
}

Awaitable<Result<void>> ApplicationContent::make_folder(storage::Application application, std::string path) {
  if (auto checked = check_path("path", path); !checked) co_return checked;
  auto made = co_await in_folder(application, [&](int root) { return files_.make_folder(root, path); });
  if (made) tell(application);
  co_return made;
}

Awaitable<Result<void>> ApplicationContent::remove(storage::Application application, std::string path) {
  if (auto checked = check_path("path", path); !checked) co_return checked;
  auto removed = co_await in_folder(application, [&](int root) { return files_.remove(root, path); });
  if (!removed) co_return removed;
  auto rows = store_.remove_scripts_at(application.id, path);
  tell(application);
  co_return rows;
}

Awaitable<Result<void>> ApplicationContent::move(storage::Application application, std::string from,
                                                 std::string to) {
  if (auto checked = check_path("from", from); !checked) co_return checked;
  if (auto checked = check_path("to", to); !checked) co_return checked;
  auto moved = co_await in_folder(application, [&](int root) { return files_.move(root, from, to); });
  if (!moved) co_return moved;
  tell(application);
  if (auto rows = store_.move_scripts(application.id, from, to); !rows) co_return rows;
  const auto script = store_.find_script(application.id, to);
  if (!script) co_return pass_on(script);
  if (!*script || is_startable(to)) co_return Result<void>();
  const auto disabled = co_await disable_script(application, to);
  if (!disabled) co_return pass_on(disabled);
  co_return Result<void>();
}

Awaitable<Result<void>> ApplicationContent::copy(storage::Application application, std::string from,
                                                 std::string to) {
  if (auto checked = check_path("from", from); !checked) co_return checked;
  if (auto checked = check_path("to", to); !checked) co_return checked;
  const auto scripts = store_.scripts_at(application.id, from);
  if (!scripts) co_return pass_on(scripts);
  auto copied =
      co_await in_folder(application, [&](int root) { return copy_in_application(root, from, to); });
  if (!copied) co_return copied;
  tell(application);
  for (const storage::Script& script : *scripts) {
    const std::string path = to + script.path.substr(from.size());
    if (is_startable(path)) {
      if (auto added = store_.add_script(application.id, path); !added) co_return pass_on(added);
      continue;
    }
    const auto set =
        co_await in_folder(application, [&](int root) { return files_.set_executable(root, path, false); });
    if (!set && set.error().code != ErrorCode::not_found) co_return pass_on(set);
  }
  co_return Result<void>();
}

Awaitable<Result<OpenFile>> ApplicationContent::archive(storage::Application application, std::string path,
                                                        ArchiveFormat format, std::string temporary_folder) {
  if (auto checked = check_path("path", path); !checked) co_return pass_on(checked);
  auto made = co_await in_folder(application, [&](int root) -> Result<OpenFile> {
    const auto folder = open_beneath(root, path, O_RDONLY | O_NONBLOCK);
    if (!folder && folder.error().code == ErrorCode::not_found) {
      return fail(ErrorCode::not_found, "path: there is no \"{}\"", path);
    }
    if (!folder) return pass_on(folder);
    const auto info = file_info(folder->get(), path);
    if (!info) return pass_on(info);
    if (!info->folder) {
      return fail(ErrorCode::invalid_argument, "archive: \"{}\" is a file; only folders are archived", path);
    }
    const std::string name = path.substr(path.rfind('/') + 1);
    auto file = export_archive(folder->get(), {.format = format, .top_folder = name}, temporary_folder);
    if (!file) return pass_on(file);
    auto archive = file_info(file->get(), name);
    if (!archive) return pass_on(archive);
    return OpenFile{*std::move(file), *std::move(archive)};
  });
  co_return made;
}

Awaitable<Result<storage::Script>> ApplicationContent::enable_script(storage::Application application,
                                                                     std::string path) {
  if (auto checked = check_path("path", path); !checked) co_return pass_on(checked);
  if (!is_startable(path)) {
    co_return fail(ErrorCode::invalid_argument,
                   "path: \"{}\" cannot be made executable: only files with the suffix .py or .py3 can be",
                   path);
  }
  const auto set =
      co_await in_folder(application, [&](int root) { return files_.set_executable(root, path, true); });
  if (!set) co_return pass_on(set);
  auto script = store_.add_script(application.id, path);
  tell(application);
  co_return script;
}

Awaitable<Result<storage::Script>> ApplicationContent::disable_script(storage::Application application,
                                                                      std::string path) {
  if (auto checked = check_path("path", path); !checked) co_return pass_on(checked);
  auto script = store_.find_script(application.id, path);
  if (!script) co_return pass_on(script);
  if (!*script) co_return fail(ErrorCode::not_found, "path: \"{}\" is no executable script", path);
  if (auto removed = store_.remove_scripts_at(application.id, path); !removed) co_return pass_on(removed);
  const auto set =
      co_await in_folder(application, [&](int root) { return files_.set_executable(root, path, false); });
  tell(application);
  // The file may be gone by another hand: then nothing is left to do.
  if (!set && set.error().code != ErrorCode::not_found) co_return pass_on(set);
  co_return std::move(**script);
}

}  // namespace am::manager
