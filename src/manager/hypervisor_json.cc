#include "manager/hypervisor_json.h"

#include <map>
#include <tuple>

#include "base/clock.h"

namespace am::manager {

json::array hypervisors_json(const Hypervisors& hypervisors, const OpenTasks& open) {
  json::array array;
  for (const HypervisorInfo* hypervisor : hypervisors.connected()) {
    json::array venvs;
    for (const ipc::VenvInfo& venv : hypervisor->venvs) venvs.push_back(json::value(venv.name));
    array.push_back(json::object{{"id", hypervisor->id},
                                 {"name", hypervisor->name},
                                 {"version", hypervisor->version},
                                 {"capacity", hypervisor->capacity},
                                 {"running", open.assigned_to(hypervisor->id)},
                                 {"venvs", std::move(venvs)},
                                 {"connectedAt", iso8601(hypervisor->connected_ms)}});
  }
  return array;
}

json::array venvs_json(const Hypervisors& hypervisors) {
  using Contents = std::tuple<std::string, std::string, std::vector<std::string>, std::string>;
  std::map<Contents, json::array> found;
  for (const HypervisorInfo* hypervisor : hypervisors.connected()) {
    for (const ipc::VenvInfo& venv : hypervisor->venvs) {
      found[{venv.name, venv.python_version, venv.packages, venv.note}].push_back(
          json::value(hypervisor->id));
    }
  }
  json::array array;
  for (auto& [contents, ids] : found) {
    const auto& [name, python, packages, note] = contents;
    array.push_back(json::object{{"name", name},
                                 {"pythonVersion", python},
                                 {"packages", json::array(packages.begin(), packages.end())},
                                 {"note", note},
                                 {"hypervisors", std::move(ids)}});
  }
  return array;
}

}  // namespace am::manager
