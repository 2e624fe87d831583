#include "hypervisor/venvs.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <sstream>

#include "base/files.h"

namespace am::hypervisor {
namespace {

using namespace std::chrono_literals;

// Blocking, at the start: however many environments there are, the platform starts.
constexpr auto kInspectForAll = 30s;
constexpr auto kInspectForOne = 10s;

// The version, then "name version" a line, then what note.txt says.
constexpr const char* kInspection = R"(
import importlib.metadata as m, os, platform, sys
print(platform.python_version())
for p in sorted({(d.metadata['Name'], d.version) for d in m.distributions() if d.metadata['Name']}):
    print(*p)
try:
    with open(os.path.join(sys.prefix, 'note.txt')) as note:
        print('note:', ' '.join(note.read(4096).split()))
except OSError:
    pass
)";
constexpr std::string_view kNote = "note: ";

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    if (const std::size_t comment = line.find('#'); comment != std::string::npos) line.resize(comment);
    while (!line.empty() && (line.back() == ' ' || line.back() == '\r')) line.pop_back();
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

std::string missing_packages(const std::vector<std::string>& wanted,
                             const std::vector<std::string>& packages) {
  std::string missing;
  for (const std::string& name : wanted) {
    const auto has = std::ranges::any_of(packages, [&](const std::string& package) {
      return std::ranges::equal(name, package.substr(0, package.find(' ')), [](char a, char b) {
        return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
      });
    });
    if (!has) missing += (missing.empty() ? "" : ", ") + name;
  }
  return missing;
}

}  // namespace

Result<ipc::VenvInfo> inspect_venv(const InterpreterPlace& place, const std::string& name,
                                   const std::string& wanted, std::chrono::milliseconds at_most) {
  const auto output = run_python(place, place.venvs + "/" + name + "/bin/python", kInspection, {}, at_most);
  if (!output) return fail(output.error().code, "virtual environment {}: {}", name, output.error().message);
  std::vector<std::string> lines = lines_of(*output);
  if (lines.empty())
    return fail(ErrorCode::unavailable, "virtual environment {} says nothing of itself", name);
  ipc::VenvInfo info;
  info.name = name;
  info.python_version = lines.front();
  if (lines.back().starts_with(kNote)) {
    info.note = lines.back().substr(kNote.size());
    lines.pop_back();
  }
  info.packages.assign(lines.begin() + 1, lines.end());
  if (!wanted.empty()) {
    const std::string missing = missing_packages(lines_of(read_file(wanted).value_or("")), info.packages);
    if (!missing.empty()) info.note += fmt::format("{}missing: {}", info.note.empty() ? "" : "; ", missing);
  }
  return info;
}

std::vector<ipc::VenvInfo> inspect_venvs(const std::string& venvs, const InterpreterPlace& place,
                                         const std::string& wanted_by_default,
                                         std::vector<std::string>& problems) {
  std::vector<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(venvs, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (!name.starts_with('.')) names.push_back(name);
  }
  std::ranges::sort(names);
  std::vector<ipc::VenvInfo> found;
  const auto deadline = std::chrono::steady_clock::now() + kInspectForAll;
  for (const std::string& name : names) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    auto info = inspect_venv(place, name, name == "default" ? wanted_by_default : "",
                             std::min<std::chrono::milliseconds>(left, kInspectForOne));
    if (info) {
      found.push_back(std::move(*info));
    } else {
      problems.push_back(info.error().message);
    }
  }
  return found;
}

}  // namespace am::hypervisor
