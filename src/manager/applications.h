// Applications as a whole: their rows and their folders, made and removed together.
#pragma once

#include <memory>
#include <string>

#include "base/error.h"
#include "base/unique_fd.h"
#include "loop/awaitable.h"
#include "loop/blocking_pool.h"
#include "manager/content_events.h"
#include "storage/application_store.h"

namespace am::manager {

class Applications {
 public:
  // Opens (or creates) the folder `sources`, and removes there what a killed manager left half made.
  static Result<std::unique_ptr<Applications>> open(storage::ApplicationStore& store, BlockingPool& pool,
                                                    ContentEvents& events, std::string sources);
  Applications(storage::ApplicationStore& store, BlockingPool& pool, ContentEvents& events,
               std::string sources, UniqueFd folder)
      : store_(store),
        pool_(pool),
        events_(events),
        sources_(std::move(sources)),
        folder_(std::move(folder)) {}

  // An empty application. invalid_argument for a bad name, already_exists for a taken one.
  Awaitable<Result<storage::Application>> create(std::string name);
  // An application with the files of a tar, tar.gz or zip archive; `.py` and `.py3` files with the execute
  // bit become executable scripts. Refused whole (invalid_argument, too_large) by the rules of
  // archive_import.h.
  Awaitable<Result<storage::Application>> import(std::string name, std::string archive);
  // With its folder and everything in it. not_found.
  Awaitable<Result<void>> remove(std::string id);

  // The folder keeps its name; a new isolation is that of tasks started from now on. not_found,
  // invalid_argument for a bad name, already_exists for a taken one.
  Result<storage::Application> change(const std::string& id, const storage::ApplicationChange& change);

  // The application's folder, for use as the root of everything in it.
  Result<UniqueFd> open_root(const storage::Application& application) const;
  // Its absolute path.
  [[nodiscard]] std::string path_of(const storage::Application& application) const;
  // Where all of them are.
  [[nodiscard]] const std::string& sources() const { return sources_; }

 private:
  Result<void> check_new_name(const std::string& name);
  Result<storage::Application> add(const std::string& name, const std::string& folder);
  void remove_leftovers();
  void tell(const std::string& id) { events_.tell(ContentChange::Kind::applications, id); }

  storage::ApplicationStore& store_;
  BlockingPool& pool_;
  ContentEvents& events_;
  std::string sources_;
  UniqueFd folder_;
};

}  // namespace am::manager
