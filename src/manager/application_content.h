// What is inside an application: its files on disk and, beside them, which of them are executable scripts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "loop/blocking_pool.h"
#include "manager/application_files.h"
#include "manager/applications.h"
#include "manager/archive_export.h"
#include "manager/content_events.h"

namespace am::manager {

struct ListedFile {
  FileInfo info;
  std::optional<std::string> script_id;
};

// The disk is touched on the pool's threads, the store on the event loop. Paths are checked here.
class ApplicationContent {
 public:
  ApplicationContent(storage::ApplicationStore& store, const Applications& applications, BlockingPool& pool,
                     ContentEvents& events)
      : store_(store), applications_(applications), pool_(pool), events_(events) {}

  Awaitable<Result<std::vector<ListedFile>>> list(storage::Application application);
  Awaitable<Result<OpenFile>> open(storage::Application application, std::string path);
  Awaitable<Result<Written>> write(storage::Application application, std::string path, std::string content,
                                   WriteCondition condition);
  Awaitable<Result<void>> make_folder(storage::Application application, std::string path);
  // Scripts at the path, or below it, go with it.
  Awaitable<Result<void>> remove(storage::Application application, std::string path);
  // Scripts keep their ids at the new path; one whose new suffix is not startable is no script any more.
  Awaitable<Result<void>> move(storage::Application application, std::string from, std::string to);

  // A file, or a folder with everything in it. The copies of executable scripts are executable scripts, with
  // ids of their own, where their new suffix is startable.
  Awaitable<Result<void>> copy(storage::Application application, std::string from, std::string to);
  // Of a folder, in an archive whose only top entry it is: readable from its start. Made in the folder
  // `temporary_folder`. not_found, or invalid_argument for a file.
  Awaitable<Result<OpenFile>> archive(storage::Application application, std::string path,
                                      ArchiveFormat format, std::string temporary_folder);

  // Only an existing regular file with a startable suffix; gives the row there is for a script that is one
  // already.
  Awaitable<Result<storage::Script>> enable_script(storage::Application application, std::string path);
  // not_found when the file is no executable script.
  Awaitable<Result<storage::Script>> disable_script(storage::Application application, std::string path);

 private:
  // Opens the application's folder and calls work(root) on the pool.
  template <typename Work>
  Awaitable<std::invoke_result_t<Work&, int>> in_folder(const storage::Application& application, Work work);

  void tell(const storage::Application& application) {
    events_.tell(ContentChange::Kind::files, application.id);
  }

  storage::ApplicationStore& store_;
  const Applications& applications_;
  BlockingPool& pool_;
  ContentEvents& events_;
  ApplicationFiles files_;
};

}  // namespace am::manager
