// Who wants to know when applications or their files change, and a version of each application to compare.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace am::manager {

struct ContentChange {
  enum class Kind {
    applications,  // one was created, changed (its name, its isolation) or deleted
    files,         // something inside the application: a file, a folder, what is executable
  };
  Kind kind = Kind::files;
  std::string application_id;
  std::uint64_t version = 0;  // of this application: one more with every change since the manager's start
};

// Every change through the API, by whomever, is told once, on the event loop, after it is made. Not safe
// across threads.
class ContentEvents {
 public:
  using Listener = std::function<void(const ContentChange&)>;

  // The listener must live as long as the events, and must not listen() from inside a call.
  void listen(Listener listener) { listeners_.push_back(std::move(listener)); }

  void tell(ContentChange::Kind kind, const std::string& application_id) {
    const ContentChange change{
        .kind = kind, .application_id = application_id, .version = ++versions_[application_id]};
    for (const Listener& listener : listeners_) listener(change);
  }

  // 0 for an application that has not changed since the manager's start.
  [[nodiscard]] std::uint64_t version(const std::string& application_id) const {
    const auto found = versions_.find(application_id);
    return found == versions_.end() ? 0 : found->second;
  }

 private:
  std::vector<Listener> listeners_;
  std::unordered_map<std::string, std::uint64_t> versions_;  // an entry per application ever changed
};

}  // namespace am::manager
