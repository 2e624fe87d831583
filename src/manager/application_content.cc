#include "manager/application_content.h"

#include <unordered_map>

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
  co_return written;
}

Awaitable<Result<void>> ApplicationContent::make_folder(storage::Application application, std::string path) {
  if (auto checked = check_path("path", path); !checked) co_return checked;
  auto made = co_await in_folder(application, [&](int root) { return files_.make_folder(root, path); });
  co_return made;
}

Awaitable<Result<void>> ApplicationContent::remove(storage::Application application, std::string path) {
  if (auto checked = check_path("path", path); !checked) co_return checked;
  auto removed = co_await in_folder(application, [&](int root) { return files_.remove(root, path); });
  if (!removed) co_return removed;
  co_return store_.remove_scripts_at(application.id, path);
}

Awaitable<Result<void>> ApplicationContent::move(storage::Application application, std::string from,
                                                 std::string to) {
  if (auto checked = check_path("from", from); !checked) co_return checked;
  if (auto checked = check_path("to", to); !checked) co_return checked;
  auto moved = co_await in_folder(application, [&](int root) { return files_.move(root, from, to); });
  if (!moved) co_return moved;
  if (auto rows = store_.move_scripts(application.id, from, to); !rows) co_return rows;
  const auto script = store_.find_script(application.id, to);
  if (!script) co_return pass_on(script);
  if (!*script || is_startable(to)) co_return Result<void>();
  const auto disabled = co_await disable_script(application, to);
  if (!disabled) co_return pass_on(disabled);
  co_return Result<void>();
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
  co_return store_.add_script(application.id, path);
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
  // The file may be gone by another hand: then nothing is left to do.
  if (!set && set.error().code != ErrorCode::not_found) co_return pass_on(set);
  co_return std::move(**script);
}

}  // namespace am::manager
